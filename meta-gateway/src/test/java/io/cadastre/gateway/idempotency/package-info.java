@NullMarked
package io.cadastre.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
