/** Counting, and the counts as Prometheus reads them. */
@NullMarked
package io.cadastre.kv.metrics;

import org.jspecify.annotations.NullMarked;
