@NullMarked
package io.cadastre.discovery.scan;

import org.jspecify.annotations.NullMarked;
