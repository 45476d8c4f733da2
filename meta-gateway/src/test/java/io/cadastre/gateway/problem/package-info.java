@NullMarked
package io.cadastre.gateway.problem;

import org.jspecify.annotations.NullMarked;
