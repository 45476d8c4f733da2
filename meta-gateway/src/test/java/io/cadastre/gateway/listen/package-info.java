@NullMarked
package io.cadastre.gateway.listen;

import org.jspecify.annotations.NullMarked;
