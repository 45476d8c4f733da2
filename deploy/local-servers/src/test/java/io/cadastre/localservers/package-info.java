@NullMarked
package io.cadastre.localservers;

import org.jspecify.annotations.NullMarked;
