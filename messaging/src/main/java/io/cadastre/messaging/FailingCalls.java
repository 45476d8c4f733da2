package io.cadastre.messaging;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Which calls to the broker fail at the moment, and since when. */
public final class FailingCalls {

  private final Map<String, MessagingHealth.Down> failing = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final AtomicReference<MessagingHealth.@Nullable Dead> dead = new AtomicReference<>();

  public FailingCalls(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether it did not fail before: then it is worth a line in the log. */
  public boolean failed(String call, String reason) {
    MessagingHealth.Down before = failing.get(call);
    Instant since = before == null ? clock.instant() : before.since();
    failing.put(call, new MessagingHealth.Down(call, since, reason));
    return before == null;
  }

  public void succeeded(String call) {
    failing.remove(call);
  }

  /** Nothing brings it back; the first cause is the one that counts. */
  public void died(Throwable cause) {
    dead.compareAndSet(null, new MessagingHealth.Dead(clock.instant(), cause.toString()));
  }

  /** The call that fails longest speaks for all. */
  public MessagingHealth health() {
    MessagingHealth.Dead last = dead.get();
    if (last != null) {
      return last;
    }
    return failing.values().stream()
        .min(Comparator.comparing(MessagingHealth.Down::since))
        .<MessagingHealth>map(down -> down)
        .orElseGet(MessagingHealth.Up::new);
  }
}
