package io.cadastre.messaging;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which calls to the broker fail at the moment, and since when. */
public final class FailingCalls {

  private final Map<String, MessagingHealth.Down> failing = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private volatile MessagingHealth.@Nullable Dead dead;

  public FailingCalls(InstantSource clock) {
    this.clock = clock;
  }

  public void failed(String call, String reason) {
    failing.compute(
        call,
        (_, before) ->
            new MessagingHealth.Down(
                call, before == null ? clock.instant() : before.since(), reason));
  }

  public void succeeded(String call) {
    failing.remove(call);
  }

  /** Nothing brings it back. */
  public void died(Throwable cause) {
    dead = new MessagingHealth.Dead(clock.instant(), cause.toString());
  }

  /** The call that fails longest speaks for all. */
  public MessagingHealth health() {
    MessagingHealth last = dead;
    if (last != null) {
      return last;
    }
    return failing.values().stream()
        .min(Comparator.comparing(MessagingHealth.Down::since))
        .<MessagingHealth>map(down -> down)
        .orElseGet(MessagingHealth.Up::new);
  }

  /** Instant of the clock that failures are dated with. */
  public Instant now() {
    return clock.instant();
  }
}
