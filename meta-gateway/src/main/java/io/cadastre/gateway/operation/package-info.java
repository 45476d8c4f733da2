/** Operations: what was asked for, how far it is and how it ended. */
@NullMarked
package io.cadastre.gateway.operation;

import org.jspecify.annotations.NullMarked;
