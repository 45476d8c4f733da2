package io.cadastre.kv.history;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the revisions in the headers say of the order in which operations took effect: it must be
 * one in which nothing comes before what was answered before it was asked.
 */
final class RevisionRules {

  private RevisionRules() {}

  /** Says which two answers contradict each other. */
  static Optional<String> violation(List<Operation> history) {
    List<Operation> answered =
        history.stream().filter(each -> each.answer() != null && !each.mayBeStale()).toList();
    return twiceTheSame(answered).or(() -> againstTime(answered));
  }

  private static Optional<String> twiceTheSame(List<Operation> answered) {
    Map<Long, Operation> writes = new HashMap<>();
    for (Operation each : answered) {
      Operation other = each.wrote() ? writes.put(revision(each), each) : null;
      if (other != null) {
        return Optional.of("two writes with one revision:\n" + other + "\n" + each);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> againstTime(List<Operation> answered) {
    List<Operation> byEnd =
        answered.stream().sorted(Comparator.comparingLong(Operation::returned)).toList();
    int ended = 0;
    Operation newest = null;
    for (Operation each :
        answered.stream().sorted(Comparator.comparingLong(Operation::invoked)).toList()) {
      for (; byEnd.get(ended).returned() < each.invoked(); ended++) {
        Operation one = byEnd.get(ended);
        newest = newest == null || revision(one) > revision(newest) ? one : newest;
      }
      if (newest != null) {
        long atLeast = revision(newest) + (each.wrote() ? 1 : 0);
        if (revision(each) < atLeast) {
          return Optional.of("the revision goes back in time:\n" + newest + "\n" + each);
        }
      }
    }
    return Optional.empty();
  }

  private static long revision(Operation operation) {
    Answer answer = operation.answer();
    if (answer == null) {
      throw new IllegalArgumentException("not answered: " + operation);
    }
    return answer.revision();
  }
}
