package io.cadastre.gateway.schedule;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One pass of a job over all instances.
 *
 * @param fireTime the time the cron line names; of a manual run, when it was asked for
 * @param missed earlier firings it stands for
 */
record Run(
    UUID id,
    Job job,
    Trigger trigger,
    Instant fireTime,
    int missed,
    String requestedBy,
    int parallel,
    RunStatus status,
    Instant startedAt,
    @Nullable Instant finishedAt,
    Counts counts) {

  /** How its instances stand; those left out are gone. */
  record Counts(
      int total,
      int pending,
      int running,
      int succeeded,
      int completedWithErrors,
      int failed,
      int skipped) {

    boolean done() {
      return pending == 0 && running == 0;
    }

    RunStatus outcome() {
      return RunStatus.of(succeeded, completedWithErrors, failed);
    }
  }
}
