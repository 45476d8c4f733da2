@NullMarked
package io.cadastre.localservers.containers;

import org.jspecify.annotations.NullMarked;
