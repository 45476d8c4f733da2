/** What a request does to the store; the same on every member that applies the same log. */
@NullMarked
package io.cadastre.kv.apply;

import org.jspecify.annotations.NullMarked;
