/** Giving up old history by itself. */
@NullMarked
package io.cadastre.kv.compaction;

import org.jspecify.annotations.NullMarked;
