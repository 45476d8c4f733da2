/** The PostgreSQL that holds the register: its roles, its migrations, the pool of connections. */
@NullMarked
package io.cadastre.gateway.database;

import org.jspecify.annotations.NullMarked;
