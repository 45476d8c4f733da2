package io.cadastre.gateway.inventory;

import org.jspecify.annotations.Nullable;

/**
 * What a scan for databases came to, as the operation shows it.
 *
 * @param databasesFound listed by the server, its own and filtered ones too
 * @param databasesFiltered of them, left out by the instance's patterns
 * @param warning what the scan could not do, and why
 */
record DiscoveryResult(
    long databasesFound,
    long databasesAdded,
    long databasesDeleted,
    long databasesReactivated,
    long databasesFiltered,
    @Nullable String warning) {

  boolean changedSomething() {
    return databasesAdded + databasesDeleted + databasesReactivated > 0;
  }
}
