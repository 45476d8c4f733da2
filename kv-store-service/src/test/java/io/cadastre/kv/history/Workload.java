package io.cadastre.kv.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Makes up requests, of a seed. The keys are in groups, which transactions and ranges touch
 * together; new groups come with time, so that no history of a key grows without end.
 */
final class Workload {

  static final String PREFIX = "h/";
  private static final int GROUPS = 6;
  private static final String[] NAMES = {"a", "b", "c"};

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

  /** Keys that transactions touch together. */
  static Group group(int age, int number) {
    return Group.of(PREFIX + age + "/" + number + "/", NAMES);
  }

  /** All keys of an age: only what reads asks for them together. */
  static Group all(int age) {
    return new Group(
        PREFIX + age + "/",
        IntStream.range(0, GROUPS)
            .mapToObj(each -> group(age, each))
            .flatMap(each -> each.keys().stream())
            .toList());
  }

  /**
   * Whether it ties together what nothing else does: held against the story alone, so that the
   * search for an order can look at each group by itself.
   */
  static boolean readsManyGroups(Request request) {
    return request.single().orElse(null) instanceof Step.ReadAll read
        && read.group().keys().size() > NAMES.length;
  }

  Request next(int age) {
    Group group = group(age, random.nextInt(GROUPS));
    String key = any(group);
    String other = any(group);
    int kind = random.nextInt(100);
    if (kind < 20) {
      return Request.of(new Step.Read(key));
    } else if (kind < 28) {
      return Request.of(new Step.ReadAll(group));
    } else if (kind < 30) {
      return Request.of(new Step.ReadAll(all(age)));
    } else if (kind < 50) {
      return Request.of(write(key));
    } else if (kind < 65) {
      return Request.swap(key, guess(key), write(key));
    } else if (kind < 68) {
      return Request.of(new Step.Delete(key));
    } else if (kind < 71) {
      return Request.of(new Step.DeleteAll(group));
    } else if (kind < 74) {
      return Request.swap(key, guess(key), new Step.Delete(key));
    }
    return several(kind, group, key, other);
  }

  private Request several(int kind, Group group, String key, String other) {
    Step all = new Step.ReadAll(group);
    if (kind < 80) {
      Step[] writes = group.keys().stream().map(this::write).toArray(Step[]::new);
      return Request.of(writes);
    } else if (kind < 84) {
      return Request.of(all, new Step.Read(key));
    } else if (kind < 88) {
      // What a transaction reads is what it wrote before.
      return Request.of(write(key), all);
    } else if (kind < 92) {
      return Request.of(new Step.DeleteAll(group), all);
    } else if (kind < 96 && !key.equals(other)) {
      return Request.of(write(key), new Step.Delete(other));
    }
    Map<String, Optional<String>> expected = new HashMap<>();
    expected.put(key, guess(key));
    expected.put(other, guess(other));
    return new Request(expected, List.of(write(key), all), List.of(all));
  }

  private String any(Group group) {
    return group.keys().get(random.nextInt(group.keys().size()));
  }

  boolean nextIsPatient() {
    return random.nextInt(4) > 0;
  }

  private Optional<String> guess(String key) {
    return seen.getOrDefault(key, Optional.empty());
  }

  private Step.Write write(String key) {
    number++;
    return new Step.Write(key, name + "." + number, random.nextBoolean());
  }

  /** Remembers what an answer told. */
  void learn(Operation operation) {
    Answer answer = operation.answer();
    if (answer == null) {
      return;
    }
    int at = 0;
    for (Step step : answer.held() ? operation.request().then() : operation.request().otherwise()) {
      for (String key : step.keys()) {
        switch (step) {
          case Step.Read _, Step.ReadAll _ -> seen.put(key, answer.told().get(at));
          case Step.Write write -> seen.put(key, Optional.of(write.value()));
          case Step.Delete _, Step.DeleteAll _ -> seen.put(key, Optional.empty());
        }
        at += Operation.tells(step) == 0 ? 0 : 1;
      }
    }
  }
}
