package io.cadastre.kv.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of operations that explains every answer and in which nothing comes before
 * what was answered before it was asked.
 *
 * <p>The search of Wing and Gong with what Lowe added: an operation is taken as early as it may be,
 * and a set of taken operations with a state that was seen before is not looked at again. Its time
 * grows with the number of operations under way at once, not with the length of the history.
 */
final class Linearization {

  private static final int HEAD = 0;

  /** Beginnings and ends in the order of time: a list, from which what is taken is unhinged. */
  private final int[] next;

  private final int[] previous;

  /** Operation of each beginning; -1 = an end. */
  private final int[] beginning;

  private final int[] end;
  private final List<Operation> operations;

  private Linearization(List<Operation> operations) {
    this.operations = operations;
    int size = 2 * operations.size();
    next = new int[size + 1];
    previous = new int[size + 1];
    beginning = new int[size + 1];
    end = new int[operations.size()];
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      moments.add(new Moment(operations.get(i).invoked(), true, i));
      moments.add(new Moment(operations.get(i).returned(), false, i));
    }
    // Where a beginning and an end fall together, the two operations overlap.
    moments.sort(Comparator.comparingLong(Moment::time).thenComparing(moment -> !moment.begins));
    for (int at = 1; at <= size; at++) {
      Moment moment = moments.get(at - 1);
      beginning[at] = moment.begins ? moment.operation : -1;
      if (!moment.begins) {
        end[moment.operation] = at;
      }
      previous[at] = at - 1;
      next[at - 1] = at;
    }
    next[size] = HEAD;
  }

  /** Whether there is such an order from a state where no key exists. */
  static boolean exists(List<Operation> operations) {
    return new Linearization(operations).search();
  }

  private boolean search() {
    Map<String, String> state = Map.of();
    BitSet taken = new BitSet();
    Set<Seen> seen = new HashSet<>();
    Deque<Taken> order = new ArrayDeque<>();
    int at = next[HEAD];
    long open = operations.stream().filter(each -> each.answer() != null).count();
    // What was not answered may never have taken effect.
    while (open > 0) {
      if (beginning[at] < 0) {
        // Its operation had to be taken before.
        if (order.isEmpty()) {
          return false;
        }
        Taken last = order.pop();
        state = last.before;
        taken.clear(beginning[last.at]);
        open += answered(last.at);
        putBack(last.at);
        at = next[last.at];
        continue;
      }
      Map<String, String> after = after(operations.get(beginning[at]), state);
      if (after != null && seen.add(seen(taken, beginning[at], after))) {
        order.push(new Taken(at, state));
        taken.set(beginning[at]);
        open -= answered(at);
        state = after;
        take(at);
        at = next[HEAD];
      } else {
        at = next[at];
      }
    }
    return true;
  }

  private static @Nullable Map<String, String> after(
      Operation operation, Map<String, String> state) {
    Request.Outcome outcome = operation.request().run(state);
    Answer answer = operation.answer();
    // Without an answer and without an effect it explains nothing.
    boolean takes = answer == null ? outcome.wrote() : outcome.fits(answer);
    return takes ? outcome.after() : null;
  }

  private int answered(int at) {
    return operations.get(beginning[at]).answer() == null ? 0 : 1;
  }

  private static Seen seen(BitSet taken, int operation, Map<String, String> state) {
    BitSet with = (BitSet) taken.clone();
    with.set(operation);
    return new Seen(with, state);
  }

  private void take(int at) {
    unhinge(at);
    unhinge(end[beginning[at]]);
  }

  private void unhinge(int at) {
    next[previous[at]] = next[at];
    previous[next[at]] = previous[at];
  }

  private void putBack(int at) {
    hinge(end[beginning[at]]);
    hinge(at);
  }

  private void hinge(int at) {
    next[previous[at]] = at;
    previous[next[at]] = at;
  }

  private record Moment(long time, boolean begins, int operation) {}

  private record Taken(int at, Map<String, String> before) {}

  private record Seen(BitSet operations, Map<String, String> state) {}
}
