/** Each benchmark sets up real servers, runs its legs in turn, and prints a table. */
@NullMarked
package io.cadastre.benchmarks;

import org.jspecify.annotations.NullMarked;
