/** People and programs that may call: users, sessions, tokens, and the guard of every route. */
@NullMarked
package io.cadastre.gateway.account;

import org.jspecify.annotations.NullMarked;
