@NullMarked
package io.cadastre.gateway.outbox;

import org.jspecify.annotations.NullMarked;
