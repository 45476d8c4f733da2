@NullMarked
package io.cadastre.gateway.console;

import org.jspecify.annotations.NullMarked;
