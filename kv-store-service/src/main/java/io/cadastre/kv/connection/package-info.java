/** What connections may take, from clients and from other members, and what is told of them. */
@NullMarked
package io.cadastre.kv.connection;

import org.jspecify.annotations.NullMarked;
