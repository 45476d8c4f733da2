/** Rounds, medians, tables, and the processes that are measured. */
@NullMarked
package io.cadastre.benchmarks.measuring;

import org.jspecify.annotations.NullMarked;
