@NullMarked
package io.cadastre.keptconnections;

import org.jspecify.annotations.NullMarked;
