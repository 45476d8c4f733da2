@NullMarked
package io.cadastre.gateway.instance;

import org.jspecify.annotations.NullMarked;
