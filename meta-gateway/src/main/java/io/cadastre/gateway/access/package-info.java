/** What a route states about who may call it. */
@NullMarked
package io.cadastre.gateway.access;

import org.jspecify.annotations.NullMarked;
