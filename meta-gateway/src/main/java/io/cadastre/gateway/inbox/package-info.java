/** Events from the workers, each applied once. */
@NullMarked
package io.cadastre.gateway.inbox;

import org.jspecify.annotations.NullMarked;
