/** Tells programs and people what the API is: the OpenAPI document and a page to try it on. */
@NullMarked
package io.cadastre.gateway.apidoc;

import org.jspecify.annotations.NullMarked;
