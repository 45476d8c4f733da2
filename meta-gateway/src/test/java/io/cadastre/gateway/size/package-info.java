@NullMarked
package io.cadastre.gateway.size;

import org.jspecify.annotations.NullMarked;
