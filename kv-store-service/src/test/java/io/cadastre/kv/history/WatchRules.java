package io.cadastre.kv.history;

import java.util.List;
import java.util.Optional;
import java.util.stream.Gatherers;

/**
 * What a watch promises: every change once, in order, those of one revision together; also across
 * interruptions, when it is resumed behind the last revision that it told.
 */
final class WatchRules {

  private WatchRules() {}

  /**
   * A response, or several that the client put together.
   *
   * @param revision of its header
   * @param changes none = it only tells how far the watch is
   */
  record Told(long revision, List<Change> changes) {

    Told {
      changes = List.copyOf(changes);
    }

    private long last() {
      return changes.isEmpty() ? revision : changes.getLast().revision();
    }
  }

  /**
   * Says what was missing, twice, out of order or torn apart.
   *
   * @param from the revision at which the watch began
   * @param expected all changes of what it watches, from before that revision on
   */
  static Optional<String> violation(long from, List<Told> told, List<Change> expected) {
    for (List<Told> two : told.stream().gather(Gatherers.windowSliding(2)).toList()) {
      if (two.size() == 2 && !two.get(1).changes.isEmpty()) {
        long before = two.getFirst().last();
        if (two.get(1).changes.getFirst().revision() <= before) {
          return Optional.of("told again, or torn apart, after revision " + before + ": " + two);
        }
      }
    }
    for (Told each : told) {
      if (each.revision < each.last()) {
        return Optional.of("the header is behind the changes: " + each);
      }
    }
    long upTo = told.isEmpty() ? 0 : told.getLast().last();
    List<Change> should =
        expected.stream()
            .filter(each -> each.revision() >= from && each.revision() <= upTo)
            .toList();
    List<Change> were = told.stream().flatMap(each -> each.changes.stream()).toList();
    return firstDifference(should, were);
  }

  private static Optional<String> firstDifference(List<Change> should, List<Change> were) {
    for (int i = 0; i < Math.max(should.size(), were.size()); i++) {
      Object expected = i < should.size() ? should.get(i) : "nothing";
      Object found = i < were.size() ? were.get(i) : "nothing";
      if (!expected.equals(found)) {
        return Optional.of("change %d is %s instead of %s".formatted(i, found, expected));
      }
    }
    return Optional.empty();
  }
}
