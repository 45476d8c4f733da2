/** What the register holds, counted for Prometheus. */
@NullMarked
package io.cadastre.gateway.estate;

import org.jspecify.annotations.NullMarked;
