/** Servers in Docker, for tests of versions that do not run without it. */
@NullMarked
package io.cadastre.localservers.containers;

import org.jspecify.annotations.NullMarked;
