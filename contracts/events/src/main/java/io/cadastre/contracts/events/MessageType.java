package io.cadastre.contracts.events;

import java.util.List;
import java.util.Optional;

/**
 * A {@code ce_type} and the record its data is.
 *
 * @param name {@code io.cadastre.<record>.v1}; a change that old readers could not read gets a new
 *     number and a new topic
 */
public record MessageType(String name, Class<? extends Message> record) {

  private static final List<MessageType> ALL =
      List.of(
          v1(DatabasesDiscovered.class),
          v1(DiscoveryFailed.class),
          v1(SizesCollected.class),
          v1(SizeCollectionFailed.class),
          v1(ConnectionTested.class),
          v1(MetadataChanged.class),
          v1(DiscoverDatabases.class),
          v1(CollectSizes.class),
          v1(TestConnection.class));

  private static MessageType v1(Class<? extends Message> record) {
    return new MessageType("io.cadastre." + record.getSimpleName() + ".v1", record);
  }

  public static List<MessageType> all() {
    return ALL;
  }

  public static MessageType of(Message message) {
    return ALL.stream()
        .filter(type -> type.record == message.getClass())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(message.getClass() + " has no type name"));
  }

  /** Empty for a type this version does not know: pass over it. */
  public static Optional<MessageType> named(String name) {
    return ALL.stream().filter(type -> type.name.equals(name)).findFirst();
  }
}
