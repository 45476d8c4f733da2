/** Messages that leave with the transaction that causes them. */
@NullMarked
package io.cadastre.gateway.outbox;

import org.jspecify.annotations.NullMarked;
