/** Log lines and messages that say what they belong to. */
@NullMarked
package io.cadastre.gateway.trace;

import org.jspecify.annotations.NullMarked;
