@NullMarked
package io.cadastre.discovery;

import org.jspecify.annotations.NullMarked;
