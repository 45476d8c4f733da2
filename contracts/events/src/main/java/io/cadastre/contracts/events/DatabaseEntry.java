package io.cadastre.contracts.events;

import org.jspecify.annotations.Nullable;

/**
 * A database as the server lists it. MySQL and MariaDB fill {@code characterSet} and {@code
 * collation}; PostgreSQL fills all but {@code characterSet}.
 *
 * @param system belongs to the server itself, as {@code mysql} and {@code postgres} do
 * @param template may be cloned by any role that may create databases
 * @param allowsConnections false where nobody may connect, so nobody may measure from inside
 */
public record DatabaseEntry(
    String name,
    boolean system,
    @Nullable String characterSet,
    @Nullable String collation,
    @Nullable String owner,
    @Nullable String encoding,
    @Nullable String tablespace,
    @Nullable Boolean template,
    @Nullable Boolean allowsConnections) {}
