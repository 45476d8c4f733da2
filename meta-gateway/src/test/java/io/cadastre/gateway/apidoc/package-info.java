@NullMarked
package io.cadastre.gateway.apidoc;

import org.jspecify.annotations.NullMarked;
