package io.cadastre.kv.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a history is linearizable. Keys that no request names together are looked at one by one:
 * a history is linearizable when its parts are.
 */
final class Linearizability {

  private static final int SHOWN_OPERATIONS = 40;

  private Linearizability() {}

  /** Says what cannot be explained, with as little around it as shows that it cannot. */
  static Optional<String> violation(List<Operation> history) {
    return parts(history).stream()
        .filter(part -> !Linearization.exists(part))
        .findFirst()
        .map(part -> describe(shrink(part)));
  }

  /** Histories that have no key in common, each in the order of time. */
  private static List<List<Operation>> parts(List<Operation> history) {
    Map<String, String> parents = new HashMap<>();
    for (Operation operation : history) {
      String first = root(parents, operation.keys().iterator().next());
      operation.keys().forEach(key -> parents.put(root(parents, key), first));
    }
    Map<String, List<Operation>> parts =
        history.stream()
            .sorted(Comparator.comparingLong(Operation::invoked))
            .collect(
                Collectors.groupingBy(
                    operation -> root(parents, operation.keys().iterator().next())));
    return List.copyOf(parts.values());
  }

  private static String root(Map<String, String> parents, String key) {
    String at = key;
    for (String parent = parents.getOrDefault(at, at); !parent.equals(at); ) {
      at = parent;
      parent = parents.getOrDefault(at, at);
    }
    return at;
  }

  /** The shortest beginning that is not linearizable, without the reads that do not matter. */
  private static List<Operation> shrink(List<Operation> part) {
    List<Long> ends =
        part.stream()
            .map(Operation::returned)
            .filter(end -> end < Operation.NEVER)
            .sorted()
            .toList();
    int low = 0;
    int high = ends.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Linearization.exists(until(part, ends.get(middle)))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    List<Operation> shortest = until(part, ends.get(low));
    for (Operation each : List.copyOf(shortest)) {
      // Without a write the others could be wrong that were right with it; not so with a read.
      if (!each.request().mayWrite()) {
        List<Operation> without = new ArrayList<>(shortest);
        without.remove(each);
        shortest = Linearization.exists(without) ? shortest : without;
      }
    }
    return shortest;
  }

  private static List<Operation> until(List<Operation> part, long end) {
    return part.stream()
        .filter(each -> each.invoked() <= end)
        .filter(each -> each.returned() <= end || each.request().mayWrite())
        .map(each -> each.returned() <= end ? each : each.unanswered())
        .toList();
  }

  private static String describe(List<Operation> part) {
    int hidden = Math.max(0, part.size() - SHOWN_OPERATIONS);
    return "not linearizable (%d operations before these are not shown; microseconds from, to):\n%s"
        .formatted(
            hidden,
            part.stream().skip(hidden).map(Operation::toString).collect(Collectors.joining("\n")));
  }
}
