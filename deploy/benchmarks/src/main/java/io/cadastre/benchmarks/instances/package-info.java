/** Many instances far away: one after another, at once, and with some that hang. */
@NullMarked
package io.cadastre.benchmarks.instances;

import org.jspecify.annotations.NullMarked;
