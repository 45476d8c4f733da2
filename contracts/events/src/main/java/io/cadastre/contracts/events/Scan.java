package io.cadastre.contracts.events;

import java.time.Instant;
import java.util.UUID;

/**
 * One look at one instance, ordered by the gateway and echoed in every message about it.
 *
 * @param scanId unique
 * @param scanNumber rises with every scan of the same instance; a result with a number at or below
 *     one already applied is old
 * @param operationId the operation the user sees
 * @param expiresAt after this moment nobody waits for the result and no worker starts it
 */
public record Scan(UUID scanId, long scanNumber, UUID operationId, Instant expiresAt) {}
