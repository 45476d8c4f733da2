/** The databases of each instance: found, gone, come back. */
@NullMarked
package io.cadastre.gateway.inventory;

import org.jspecify.annotations.NullMarked;
