@NullMarked
package io.cadastre.gateway.audit;

import org.jspecify.annotations.NullMarked;
