package io.cadastre.contracts.events;

import java.util.UUID;

/**
 * An order from the gateway to the workers. Internal: only Cadastre's own services read commands.
 */
public sealed interface Command extends Message
    permits DiscoverDatabases, CollectSizes, TestConnection {

  InstanceConnection instance();

  Scan scan();

  @Override
  default String subject() {
    return Long.toString(instance().instanceId());
  }

  @Override
  default UUID correlationId() {
    return scan().operationId();
  }

  @Override
  default String identity() {
    return scan().scanId().toString();
  }

  @Override
  default String sequence() {
    return Message.sequenceOf(scan().scanNumber(), 0);
  }
}
