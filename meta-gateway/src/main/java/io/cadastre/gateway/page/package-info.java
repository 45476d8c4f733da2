/** Long lists, a page at a time. */
@NullMarked
package io.cadastre.gateway.page;

import org.jspecify.annotations.NullMarked;
