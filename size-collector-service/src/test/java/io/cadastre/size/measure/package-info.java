@NullMarked
package io.cadastre.size.measure;

import org.jspecify.annotations.NullMarked;
