/** Spring wiring of a service's sender and receivers; everything else here knows no framework. */
@NullMarked
package io.cadastre.messaging.wiring;

import org.jspecify.annotations.NullMarked;
