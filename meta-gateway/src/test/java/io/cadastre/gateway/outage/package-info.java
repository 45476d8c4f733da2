/** What happens while something the gateway needs is not there. */
@NullMarked
package io.cadastre.gateway.outage;

import org.jspecify.annotations.NullMarked;
