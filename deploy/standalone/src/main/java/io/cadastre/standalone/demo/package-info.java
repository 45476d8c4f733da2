/** Two servers full of made-up databases, so that there is something to look at. */
@NullMarked
package io.cadastre.standalone.demo;

import org.jspecify.annotations.NullMarked;
