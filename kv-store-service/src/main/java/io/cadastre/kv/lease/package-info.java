/** Keys that live as long as somebody keeps them alive. */
@NullMarked
package io.cadastre.kv.lease;

import org.jspecify.annotations.NullMarked;
