package io.cadastre.gateway.idempotency;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One go at a request that names a key; what it does is done in a context that holds it.
 *
 * @param claimId tells it from the attempts before and after it
 */
record Attempt(String username, String key, UUID claimId) {

  Context in(Context context) {
    return context.put(Attempt.class, this);
  }

  /** Null in work that no key stands for. */
  static @Nullable Attempt of(ContextView context) {
    return context.getOrDefault(Attempt.class, null);
  }
}
