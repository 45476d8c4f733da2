@NullMarked
package io.cadastre.gateway.inbox;

import org.jspecify.annotations.NullMarked;
