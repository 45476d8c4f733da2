/** Ordered bytes on disk or in memory, behind one port. */
@NullMarked
package io.cadastre.kv.engine;

import org.jspecify.annotations.NullMarked;
