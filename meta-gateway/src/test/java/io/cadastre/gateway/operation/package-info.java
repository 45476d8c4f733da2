@NullMarked
package io.cadastre.gateway.operation;

import org.jspecify.annotations.NullMarked;
