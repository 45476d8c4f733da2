@NullMarked
package io.cadastre.gateway.inventory;

import org.jspecify.annotations.NullMarked;
