@NullMarked
package io.cadastre.gateway.trace;

import org.jspecify.annotations.NullMarked;
