package io.cadastre.gateway.idempotency;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it can be given again.
 *
 * @param body absent where it held a secret
 */
record Answer(int status, Map<String, String> headers, @Nullable String body) {}
