@NullMarked
package io.cadastre.discovery.privilege;

import org.jspecify.annotations.NullMarked;
