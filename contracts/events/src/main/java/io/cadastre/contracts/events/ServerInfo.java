package io.cadastre.contracts.events;

/**
 * What the server says it is.
 *
 * @param product {@code MySQL}, {@code MariaDB} or {@code PostgreSQL}
 * @param version as the server prints it, for example {@code 11.4.5-MariaDB}
 */
public record ServerInfo(String product, String version) {}
