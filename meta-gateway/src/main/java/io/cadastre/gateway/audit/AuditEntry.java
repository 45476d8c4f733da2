package io.cadastre.gateway.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One change. Never holds a secret, sealed or not.
 *
 * @param actor who did it: {@code Caller.actor()}, or {@link #SYSTEM}
 * @param action what was done, a verb in the past: {@code created}, {@code restored}, {@code
 *     signed_in}
 * @param before the entity as the REST API showed it; absent where it is new
 * @param after the entity as it shows it now; absent where it is gone
 * @param operationId the operation that caused the change; absent where none did
 */
public record AuditEntry(
    String actor,
    String action,
    String entityType,
    String entityId,
    @Nullable JsonNode before,
    @Nullable JsonNode after,
    @Nullable UUID operationId) {

  /** The actor where nobody asked for the change. */
  public static final String SYSTEM = "system";
}
