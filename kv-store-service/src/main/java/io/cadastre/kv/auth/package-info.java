/** Who may do what: users, roles, the key ranges they may touch, and how users prove themselves. */
@NullMarked
package io.cadastre.kv.auth;

import org.jspecify.annotations.NullMarked;
