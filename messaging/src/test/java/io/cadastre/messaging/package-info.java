@NullMarked
package io.cadastre.messaging;

import org.jspecify.annotations.NullMarked;
