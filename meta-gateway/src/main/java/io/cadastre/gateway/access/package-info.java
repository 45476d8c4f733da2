/** Who may do what: users, their sessions and tokens, and the role of every route. */
@NullMarked
package io.cadastre.gateway.access;

import org.jspecify.annotations.NullMarked;
