/** Lists the databases of an instance and tells about them in parts. */
@NullMarked
package io.cadastre.discovery.scan;

import org.jspecify.annotations.NullMarked;
