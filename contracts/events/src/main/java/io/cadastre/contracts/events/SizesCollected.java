package io.cadastre.contracts.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of an instance's databases, or a part of them.
 *
 * @param estimate true where the privilege for exact figures is missing
 * @param estimateReason which privilege, where {@code estimate}
 * @param databasesTotal how many databases the scan set out to measure, over all parts
 * @param collectedAt when the scan began: one moment for all parts
 * @param failures databases that could not be measured, each with its reason
 */
public record SizesCollected(
    long instanceId,
    Scan scan,
    Part part,
    Engine engine,
    ServerInfo server,
    SizeMethod method,
    boolean estimate,
    @Nullable String estimateReason,
    int databasesTotal,
    Instant collectedAt,
    Instant finishedAt,
    List<DatabaseSize> databases,
    List<DatabaseFailure> failures)
    implements ScanEvent {

  public SizesCollected {
    databases = List.copyOf(requireNonNull(databases, "databases is missing"));
    failures = List.copyOf(requireNonNull(failures, "failures is missing"));
  }

  @Override
  public Instant attemptedAt() {
    return collectedAt;
  }
}
