package io.cadastre.kv.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a client asks for: reads and writes of some keys at one moment, which ones depending on what
 * the keys hold.
 *
 * @param expected the values that decide; empty = the key must not exist
 * @param then what is done where they hold
 * @param otherwise what is done where they do not
 */
record Request(Map<String, Optional<String>> expected, List<Step> then, List<Step> otherwise) {

  Request {
    expected = Map.copyOf(expected);
    then = List.copyOf(then);
    otherwise = List.copyOf(otherwise);
  }

  static Request of(Step... steps) {
    return new Request(Map.of(), List.of(steps), List.of());
  }

  /** Does one thing where a key holds what is expected, and else tells what it holds. */
  static Request swap(String key, Optional<String> expected, Step then) {
    return new Request(Map.of(key, expected), List.of(then), List.of(new Step.Read(key)));
  }

  Set<String> keys() {
    Set<String> keys = new HashSet<>(expected.keySet());
    then.forEach(step -> keys.addAll(step.keys()));
    otherwise.forEach(step -> keys.addAll(step.keys()));
    return keys;
  }

  boolean mayWrite() {
    return Stream.concat(then.stream(), otherwise.stream())
        .anyMatch(step ->
            switch (step) {
              case Step.Read _, Step.ReadAll _ -> false;
              case Step.Write _, Step.Delete _, Step.DeleteAll _ -> true;
            });
  }

  /** Its only step, where it is one that depends on nothing. */
  Optional<Step> single() {
    return expected.isEmpty() && then.size() == 1 ? Optional.of(then.getFirst()) : Optional.empty();
  }

  /** What it does to keys that hold these values, if nothing comes between. */
  Outcome run(Map<String, String> state) {
    boolean holds =
        expected.entrySet().stream()
            .allMatch(
                each -> each.getValue().equals(Optional.ofNullable(state.get(each.getKey()))));
    Map<String, String> after = new HashMap<>(state);
    List<Optional<String>> told = new ArrayList<>();
    boolean wrote = false;
    for (Step step : holds ? then : otherwise) {
      for (String key : step.keys()) {
        Optional<String> before = Optional.ofNullable(after.get(key));
        switch (step) {
          case Step.Read _, Step.ReadAll _ -> told.add(before);
          case Step.Write write -> {
            after.put(key, write.value());
            wrote = true;
            if (write.tellsPrevious()) {
              told.add(before);
            }
          }
          case Step.Delete _, Step.DeleteAll _ -> {
            wrote |= after.remove(key) != null;
            told.add(before);
          }
        }
      }
    }
    return new Outcome(holds, told, wrote, Map.copyOf(after));
  }

  /**
   * What comes of it.
   *
   * @param told what reads found and writes replaced, in their order; empty = nothing was there
   * @param wrote whether it takes a revision
   */
  record Outcome(
      boolean held, List<Optional<String>> told, boolean wrote, Map<String, String> after) {

    boolean fits(Answer answer) {
      return held == answer.held() && told.equals(answer.told());
    }
  }
}
