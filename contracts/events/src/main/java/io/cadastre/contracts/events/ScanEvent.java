package io.cadastre.contracts.events;

import java.time.Instant;
import java.util.UUID;

/** The outcome of a {@link Scan}, or a part of it. */
public sealed interface ScanEvent extends Event
    permits DatabasesDiscovered,
        DiscoveryFailed,
        SizesCollected,
        SizeCollectionFailed,
        ConnectionTested {

  long instanceId();

  Scan scan();

  /** {@link Part#ONLY} where the outcome is never split. */
  default Part part() {
    return Part.ONLY;
  }

  /**
   * When the attempt began whose outcome this is: one moment for all of its parts, and another for
   * every attempt. A command may be delivered twice, and the server may have changed in between:
   * parts of two attempts are never one outcome.
   */
  Instant attemptedAt();

  @Override
  default String subject() {
    return Long.toString(instanceId());
  }

  @Override
  default UUID correlationId() {
    return scan().operationId();
  }

  @Override
  default String identity() {
    return scan().scanId() + "/" + attemptedAt() + "/" + part().number();
  }

  @Override
  default String sequence() {
    return Message.sequenceOf(scan().scanNumber(), part().number());
  }
}
