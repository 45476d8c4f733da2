package io.cadastre.messaging;

import java.time.Instant;

/** Whether a sender or receiver gets through to Kafka. */
public sealed interface MessagingHealth {

  /** The broker answers. */
  record Up() implements MessagingHealth {}

  /**
   * The broker does not answer, or refuses; it is tried again until it does.
   *
   * @param call which one fails, for example {@code commit offsets}
   */
  record Down(String call, Instant since, String reason) implements MessagingHealth {}

  /** It stopped for good because of a bug; only a restart helps. */
  record Dead(Instant since, String reason) implements MessagingHealth {}
}
