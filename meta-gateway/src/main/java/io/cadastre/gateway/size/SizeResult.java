package io.cadastre.gateway.size;

import io.cadastre.contracts.events.DatabaseFailure;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.MessageJson;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.gateway.operation.OperationFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an operation shows of a measurement; grows with every part of it.
 *
 * @param totalSizeBytes measured, plus {@code carriedBytes}
 * @param carriedBytes what the databases that could not be measured had when last measured; without
 *     it one unreadable database would look like a truncate
 * @param failures the first thousand
 * @param failuresOmitted how many more there are
 */
record SizeResult(
    int databasesTotal,
    int savedCount,
    int failedCount,
    long totalSizeBytes,
    long carriedBytes,
    boolean estimate,
    @Nullable String estimateReason,
    List<FailedDatabase> failures,
    int failuresOmitted) {

  private static final int FAILURES_SHOWN = 1000;

  private static final SizeResult NONE = new SizeResult(0, 0, 0, 0, 0, false, null, List.of(), 0);

  /** One database without a size. */
  record FailedDatabase(String database, String code, String message) {

    static FailedDatabase of(DatabaseFailure failure) {
      OperationFailure reason = OperationFailure.of(failure.failure());
      return new FailedDatabase(failure.name(), reason.code(), reason.message());
    }
  }

  static SizeResult of(@Nullable ObjectNode soFar) {
    return soFar == null ? NONE : MessageJson.read(MessageJson.write(soFar), SizeResult.class);
  }

  /** With one more part. */
  SizeResult plus(SizesCollected part, long carried) {
    var shown = new ArrayList<>(failures);
    part.failures().stream()
        .limit(Math.max(0, FAILURES_SHOWN - failures.size()))
        .map(FailedDatabase::of)
        .forEach(shown::add);
    int failed = failedCount + part.failures().size();
    long measured = part.databases().stream().mapToLong(DatabaseSize::sizeBytes).sum();
    return new SizeResult(
        part.databasesTotal(),
        savedCount + part.databases().size(),
        failed,
        totalSizeBytes + measured + carried,
        carriedBytes + carried,
        estimate || part.estimate(),
        estimateReason == null ? part.estimateReason() : estimateReason,
        List.copyOf(shown),
        failed - shown.size());
  }

  int done() {
    return savedCount + failedCount;
  }
}
