@NullMarked
package io.cadastre.gateway;

import org.jspecify.annotations.NullMarked;
