@NullMarked
package io.cadastre.gateway.live;

import org.jspecify.annotations.NullMarked;
