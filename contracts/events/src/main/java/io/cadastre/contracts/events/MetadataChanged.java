package io.cadastre.contracts.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the gateway changed in the register.
 *
 * @param entityType {@code instance}, {@code instance_databases}, …: open, readers pass over types
 *     they do not know
 * @param version of the entity after the change; rises with each
 * @param operationId the operation that caused it; absent where a user changed it directly
 * @param after the entity as the REST API shows it; absent once it is deleted for good
 */
public record MetadataChanged(
    String entityType,
    String entityId,
    Change change,
    long version,
    Instant changedAt,
    @Nullable UUID operationId,
    @Nullable JsonNode after)
    implements Event {

  public MetadataChanged {
    if (after != null && after.isNull()) {
      after = null;
    }
    if (after != null && !after.isObject()) {
      throw new IllegalArgumentException(
          "after: %s (allowed: an object)".formatted(after.getNodeType()));
    }
  }

  /** Kind of change. */
  public enum Change {
    @JsonProperty("created")
    CREATED,
    @JsonProperty("updated")
    UPDATED,
    @JsonProperty("deleted")
    DELETED,
    @JsonProperty("restored")
    RESTORED
  }

  @Override
  public String subject() {
    return entityType + "/" + entityId;
  }

  @Override
  public @Nullable UUID correlationId() {
    return operationId;
  }

  @Override
  public String identity() {
    return subject() + "/" + version;
  }

  @Override
  public String sequence() {
    return Message.sequenceOf(version, 0);
  }
}
