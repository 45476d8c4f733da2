package io.cadastre.messaging.send;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The records that were handed over and that no broker has acknowledged yet. */
final class Unacknowledged {

  /** One of them; two of the same topic and instant are still two. */
  static final class Waiting {
    private final String topic;
    private final Instant since;

    private Waiting(String topic, Instant since) {
      this.topic = topic;
      this.since = since;
    }

    String topic() {
      return topic;
    }

    Instant since() {
      return since;
    }
  }

  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private final InstantSource clock;

  Unacknowledged(InstantSource clock) {
    this.clock = clock;
  }

  Waiting add(String topic) {
    Waiting added = new Waiting(topic, clock.instant());
    waiting.add(added);
    return added;
  }

  void remove(Waiting acknowledged) {
    waiting.remove(acknowledged);
  }

  int size() {
    return waiting.size();
  }

  /** The one that has waited longest, where that is more than {@code limit}. */
  Optional<Waiting> overdue(Duration limit) {
    Instant latest = clock.instant().minus(limit);
    return waiting.stream()
        .filter(one -> one.since.isBefore(latest))
        .min(Comparator.comparing(Waiting::since));
  }
}
