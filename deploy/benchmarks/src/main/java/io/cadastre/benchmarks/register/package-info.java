/** How fast the register takes in what the workers found. */
@NullMarked
package io.cadastre.benchmarks.register;

import org.jspecify.annotations.NullMarked;
