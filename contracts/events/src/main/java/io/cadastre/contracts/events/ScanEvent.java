package io.cadastre.contracts.events;

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
    return scan().scanId() + "/" + part().number();
  }

  @Override
  default String sequence() {
    return Message.sequenceOf(scan().scanNumber(), part().number());
  }
}
