package io.cadastre.kv.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a member says that happened, revision by revision, held against what clients were told: an
 * acknowledged write is in it at its revision, an answer is right at the revision of its header,
 * and nothing is in it that nobody asked for.
 */
final class Story {

  private final TreeMap<Long, List<Change>> revisions;

  /**
   * Makes it.
   *
   * @param changes all that the store holds, from the first on
   */
  Story(List<Change> changes) {
    revisions =
        changes.stream()
            .collect(Collectors.groupingBy(Change::revision, TreeMap::new, Collectors.toList()));
  }

  /** Changes a state as it changed after a revision, up to another. */
  void run(long from, long upTo, Map<String, String> state) {
    revisions.subMap(from, false, upTo, true).values().forEach(each -> run(each, state));
  }

  /** Says what does not fit. */
  Optional<String> violation(List<Operation> history) {
    return twice().or(() -> wrongAnswer(history)).or(() -> unasked(history));
  }

  /** A value is written once; if it comes again, its write was applied again. */
  private Optional<String> twice() {
    Map<String, Change> values = new HashMap<>();
    for (Change change : changes()) {
      String value = change.value();
      Change before = value == null ? null : values.put(change.key() + '=' + value, change);
      if (before != null) {
        return Optional.of("applied twice: " + before + " and " + change);
      }
    }
    return Optional.empty();
  }

  private List<Change> changes() {
    return revisions.values().stream().flatMap(List::stream).toList();
  }

  private Optional<String> wrongAnswer(List<Operation> history) {
    List<Operation> byRevision =
        history.stream()
            .filter(each -> each.answer() != null)
            // What only read saw what the write of the same revision left.
            .sorted(Comparator.comparingLong(Story::revision).thenComparing(each -> !each.wrote()))
            .toList();
    Map<String, String> state = new HashMap<>();
    long told = 0;
    for (Operation each : byRevision) {
      long revision = revision(each);
      // A write is asked of what was there before it.
      long upTo = each.wrote() ? revision - 1 : revision;
      if (upTo > told) {
        run(told, upTo, state);
        told = upTo;
      }
      Map<String, String> seen = part(state, each.keys());
      Request.Outcome outcome = each.request().run(seen);
      Answer answer = each.answer();
      if (answer != null && !outcome.fits(answer)) {
        return Optional.of("not true at its revision, where it is " + seen + ":\n" + each);
      }
      if (each.wrote() && !written(each.keys(), seen, revision).equals(outcome.after())) {
        return Optional.of(
            "acknowledged, but at its revision there is " + revisions.get(revision) + ":\n" + each);
      }
    }
    return Optional.empty();
  }

  private Map<String, String> written(Set<String> keys, Map<String, String> before, long revision) {
    Map<String, String> after = new HashMap<>(before);
    run(revisions.getOrDefault(revision, List.of()), after);
    // A key that it did not name must not have changed either.
    return after.keySet().stream().allMatch(keys::contains) ? after : Map.of("others", "too");
  }

  static void run(List<Change> changes, Map<String, String> state) {
    for (Change change : changes) {
      String value = change.value();
      if (value == null) {
        state.remove(change.key());
      } else {
        state.put(change.key(), value);
      }
    }
  }

  private static Map<String, String> part(Map<String, String> state, Set<String> keys) {
    Map<String, String> part = new HashMap<>();
    for (String key : keys) {
      String value = state.get(key);
      if (value != null) {
        part.put(key, value);
      }
    }
    return part;
  }

  /** A revision is the whole of an answered write, or the whole of one whose answer was lost. */
  private Optional<String> unasked(List<Operation> history) {
    Set<Long> answered =
        history.stream().filter(Operation::wrote).map(Story::revision).collect(Collectors.toSet());
    Map<String, List<Request>> lost = lost(history);
    Map<String, String> state = new HashMap<>();
    for (List<Change> changes : revisions.values()) {
      Change first = changes.getFirst();
      if (!answered.contains(first.revision())
          && lost.getOrDefault(first.key(), List.of()).stream()
              .noneMatch(each -> explains(each, state, changes))) {
        return Optional.of("nobody asked for " + changes);
      }
      run(changes, state);
    }
    return Optional.empty();
  }

  private static Map<String, List<Request>> lost(List<Operation> history) {
    Map<String, List<Request>> lost = new HashMap<>();
    for (Operation each : history) {
      if (each.answer() == null) {
        each.keys()
            .forEach(key -> lost.computeIfAbsent(key, _ -> new ArrayList<>()).add(each.request()));
      }
    }
    return lost;
  }

  private static boolean explains(
      Request request, Map<String, String> state, List<Change> changes) {
    Map<String, String> before = part(state, request.keys());
    Map<String, String> after = new HashMap<>(before);
    run(changes, after);
    Request.Outcome outcome = request.run(before);
    return outcome.wrote() && outcome.after().equals(after);
  }

  private static long revision(Operation operation) {
    Answer answer = operation.answer();
    return answer == null ? -1 : answer.revision();
  }
}
