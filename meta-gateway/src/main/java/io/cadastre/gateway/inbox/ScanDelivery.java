package io.cadastre.gateway.inbox;

import io.cadastre.contracts.events.ScanEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message about a scan that is neither a duplicate nor older than what was decided already.
 *
 * @param complete whether with this message every part of its attempt is in; parts may come in any
 *     order
 * @param resultSoFar what the handler reported with the part before of the same attempt; absent
 *     with the first
 */
public record ScanDelivery<E extends ScanEvent>(
    E event, boolean complete, @Nullable ObjectNode resultSoFar) {}
