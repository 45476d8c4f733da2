@NullMarked
package io.cadastre.gateway.keepalive;

import org.jspecify.annotations.NullMarked;
