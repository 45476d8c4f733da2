package io.cadastre.gateway.schedule;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of an instance in a run.
 *
 * @param status {@code pending}, {@code skipped}, or that of its operation
 * @param operationId absent until it is started
 */
record RunItem(
    long instanceId,
    String instanceName,
    String status,
    Instant plannedAt,
    @Nullable UUID operationId,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Reason failure) {

  /** Why it did not succeed. */
  record Reason(String code, String message) {}
}
