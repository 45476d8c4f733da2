/** Changes, told to open pages the moment they are committed. */
@NullMarked
package io.cadastre.gateway.live;

import org.jspecify.annotations.NullMarked;
