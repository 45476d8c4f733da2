package io.cadastre.kv.history;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes up requests, of a seed. The keys are pairs, which transactions touch together; new pairs
 * come with time, so that no history of a key grows without end.
 */
final class Workload {

  static final String PREFIX = "h/";
  private static final int PAIRS = 4;

  /** As somebody last saw them, so that a swap has a chance. */
  private final Map<String, Optional<String>> seen = new ConcurrentHashMap<>();

  private final Random random;
  private final String name;
  private int number;

  /**
   * Makes one for a client.
   *
   * @param name to tell its values from those of others
   */
  Workload(String name, long seed) {
    this.name = name;
    this.random = new Random(seed);
  }

  /** A key that a watch of {@link #pairPrefix} hears of. */
  Request next(int age) {
    String pair = pairPrefix(age, random.nextInt(PAIRS));
    String a = pair + (random.nextBoolean() ? "a" : "b");
    int kind = random.nextInt(100);
    if (kind < 30) {
      return Request.of(new Step.Read(a));
    } else if (kind < 55) {
      return Request.of(write(a));
    } else if (kind < 75) {
      return Request.swap(a, guess(a), write(a));
    } else if (kind < 80) {
      return Request.of(new Step.Delete(a));
    } else if (kind < 83) {
      return Request.swap(a, guess(a), new Step.Delete(a));
    } else if (kind < 90) {
      return Request.of(write(pair + "a"), write(pair + "b"));
    } else if (kind < 96) {
      return Request.of(new Step.Read(pair + "a"), new Step.Read(pair + "b"));
    }
    return Request.swap(a, guess(a), write(pair + "b"));
  }

  boolean nextIsPatient() {
    return random.nextInt(4) > 0;
  }

  static String pairPrefix(int age, int pair) {
    return PREFIX + age + "/" + pair + "/";
  }

  private Optional<String> guess(String key) {
    return seen.getOrDefault(key, Optional.empty());
  }

  private Step.Write write(String key) {
    number++;
    return new Step.Write(key, name + "." + number, random.nextBoolean());
  }

  /** Remembers what an answer told of single keys. */
  void learn(Operation operation) {
    Answer answer = operation.answer();
    if (answer == null) {
      return;
    }
    var steps = answer.held() ? operation.request().then() : operation.request().otherwise();
    for (Step step : steps) {
      switch (step) {
        case Step.Read read when steps.size() == 1 ->
            seen.put(read.key(), answer.told().getFirst());
        case Step.Read _ -> {}
        case Step.Write write -> seen.put(write.key(), Optional.of(write.value()));
        case Step.Delete delete -> seen.put(delete.key(), Optional.empty());
      }
    }
  }
}
