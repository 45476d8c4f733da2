/** What sender and receiver share: settings, health, the sign of an outage. */
@NullMarked
package io.cadastre.messaging;

import org.jspecify.annotations.NullMarked;
