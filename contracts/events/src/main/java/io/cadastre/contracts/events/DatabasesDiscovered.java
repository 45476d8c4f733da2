package io.cadastre.contracts.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The databases found on an instance, or a part of them.
 *
 * @param visibility whether absence from a complete result means that a database is gone
 * @param visibilityReason which privilege is missing, where visibility is restricted
 * @param databasesTotal over all parts
 */
public record DatabasesDiscovered(
    long instanceId,
    Scan scan,
    Part part,
    Engine engine,
    ServerInfo server,
    Visibility visibility,
    @Nullable String visibilityReason,
    int databasesTotal,
    Instant startedAt,
    Instant finishedAt,
    List<DatabaseEntry> databases)
    implements ScanEvent {

  public DatabasesDiscovered {
    databases = List.copyOf(requireNonNull(databases, "databases is missing"));
  }

  @Override
  public Instant attemptedAt() {
    return startedAt;
  }
}
