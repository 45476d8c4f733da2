/** No request is left without an answer. */
@NullMarked
package io.cadastre.gateway.deadline;

import org.jspecify.annotations.NullMarked;
