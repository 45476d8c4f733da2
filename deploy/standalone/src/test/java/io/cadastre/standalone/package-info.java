@NullMarked
package io.cadastre.standalone;

import org.jspecify.annotations.NullMarked;
