/** Serves the web console: static files, no build step, nothing loaded from elsewhere. */
@NullMarked
package io.cadastre.gateway.console;

import org.jspecify.annotations.NullMarked;
