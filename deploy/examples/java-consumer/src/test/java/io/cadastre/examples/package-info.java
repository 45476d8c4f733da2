@NullMarked
package io.cadastre.examples;

import org.jspecify.annotations.NullMarked;
