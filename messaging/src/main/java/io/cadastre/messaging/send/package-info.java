/** Sending that survives an outage of the broker. */
@NullMarked
package io.cadastre.messaging.send;

import org.jspecify.annotations.NullMarked;
