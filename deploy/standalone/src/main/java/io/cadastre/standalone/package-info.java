/** The whole product in one process on one machine: {@code ./cadastre}. */
@NullMarked
package io.cadastre.standalone;

import org.jspecify.annotations.NullMarked;
