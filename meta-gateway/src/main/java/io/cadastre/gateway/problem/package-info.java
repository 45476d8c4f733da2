/** How errors answer: RFC 9457 problem details, from one table. */
@NullMarked
package io.cadastre.gateway.problem;

import org.jspecify.annotations.NullMarked;
