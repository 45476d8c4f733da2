/** The topics exist before anyone uses them. */
@NullMarked
package io.cadastre.messaging.topic;

import org.jspecify.annotations.NullMarked;
