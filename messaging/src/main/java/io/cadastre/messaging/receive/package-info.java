/** Key-ordered parallel receiving with contiguous commits and dead letters. */
@NullMarked
package io.cadastre.messaging.receive;

import org.jspecify.annotations.NullMarked;
