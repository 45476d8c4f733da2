@NullMarked
package io.cadastre.size;

import org.jspecify.annotations.NullMarked;
