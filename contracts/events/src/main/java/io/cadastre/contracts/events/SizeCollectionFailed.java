package io.cadastre.contracts.events;

import java.time.Instant;

/**
 * The databases of an instance could not be measured, or not to the end; parts already sent stand.
 */
public record SizeCollectionFailed(
    long instanceId, Scan scan, Engine engine, Failure failure, Instant startedAt, Instant failedAt)
    implements ScanEvent {

  @Override
  public Instant attemptedAt() {
    return startedAt;
  }
}
