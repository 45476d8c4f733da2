@NullMarked
package io.cadastre.secrets;

import org.jspecify.annotations.NullMarked;
