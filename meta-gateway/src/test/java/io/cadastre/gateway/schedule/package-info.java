@NullMarked
package io.cadastre.gateway.schedule;

import org.jspecify.annotations.NullMarked;
