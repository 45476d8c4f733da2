/** Who changed what, kept for good. */
@NullMarked
package io.cadastre.gateway.audit;

import org.jspecify.annotations.NullMarked;
