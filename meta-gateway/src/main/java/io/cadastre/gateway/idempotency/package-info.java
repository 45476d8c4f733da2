/** A POST sent twice is done once: the Idempotency-Key header. */
@NullMarked
package io.cadastre.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
