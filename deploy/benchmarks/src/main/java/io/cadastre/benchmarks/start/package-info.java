/** How long it takes from the command to the first answer. */
@NullMarked
package io.cadastre.benchmarks.start;

import org.jspecify.annotations.NullMarked;
