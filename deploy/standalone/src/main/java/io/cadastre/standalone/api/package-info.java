/** The gateway's REST API, as any program uses it. */
@NullMarked
package io.cadastre.standalone.api;

import org.jspecify.annotations.NullMarked;
