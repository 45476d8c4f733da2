package io.cadastre.contracts.events;

import java.time.Instant;

/** The databases of an instance could not be listed; what was known of it still stands. */
public record DiscoveryFailed(
    long instanceId, Scan scan, Engine engine, Failure failure, Instant startedAt, Instant failedAt)
    implements ScanEvent {

  @Override
  public Instant attemptedAt() {
    return startedAt;
  }
}
