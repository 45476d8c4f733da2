/** Telling clients of changes: ordered, each once, all of a revision together. */
@NullMarked
package io.cadastre.kv.watch;

import org.jspecify.annotations.NullMarked;
