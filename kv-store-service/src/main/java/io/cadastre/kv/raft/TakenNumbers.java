package io.cadastre.kv.raft;

import io.cadastre.contracts.kv.peer.ForwardRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which commands of others this member took into the log in the term in which it leads. So others
 * may send a command again whose answer they miss: within a term there is one leader, which
 * remembers, and with the next term it is settled by the log what became of it.
 */
final class TakenNumbers {

  /** More than any member has under way, by far. */
  static final int REMEMBERED = 1 << 18;

  /** A member that is started anew counts anew; a call from before may still come. */
  private static final int PROCESSES = 16;

  private record Origin(long member, long firstSequence) {}

  private final Map<Origin, Window> processes =
      new LinkedHashMap<>(PROCESSES, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Origin, Window> eldest) {
          return size() > PROCESSES;
        }
      };

  private long term;

  /**
   * Notes the commands of a request.
   *
   * @return the places of those that were not taken before
   */
  synchronized List<Integer> take(ForwardRequest request) {
    List<Integer> fresh = new ArrayList<>(request.getSequencesCount());
    if (request.getTerm() > term) {
      term = request.getTerm();
      processes.clear();
    }
    Window window = request.getTerm() == term ? window(request) : null;
    for (int i = 0; i < request.getSequencesCount(); i++) {
      // Of an earlier term none is taken any more: that is refused further on.
      if (window == null || window.take(request.getSequences(i))) {
        fresh.add(i);
      }
    }
    return fresh;
  }

  /** Some of a request were not taken after all. */
  synchronized void giveBack(ForwardRequest request, List<Integer> places) {
    if (request.getTerm() == term) {
      Window window = window(request);
      places.forEach(place -> window.giveBack(request.getSequences(place)));
    }
  }

  private Window window(ForwardRequest request) {
    return processes.computeIfAbsent(
        new Origin(request.getMember(), request.getFirstSequence()),
        origin -> new Window(origin.firstSequence));
  }

  /** The newest numbers of one that counts up, in a circle. */
  private static final class Window {

    private final BitSet taken = new BitSet(REMEMBERED);
    private long next;

    Window(long first) {
      next = first;
    }

    boolean take(long number) {
      long ahead = number - next;
      if (ahead >= REMEMBERED) {
        taken.clear();
        next = number + 1;
      } else if (ahead >= 0) {
        for (; next - number <= 0; next++) {
          taken.clear(place(next));
        }
      } else if (ahead < -REMEMBERED || taken.get(place(number))) {
        // What is too old to be remembered is not taken, whatever became of it.
        return false;
      }
      taken.set(place(number));
      return true;
    }

    void giveBack(long number) {
      if (next - number > 0 && next - number <= REMEMBERED) {
        taken.clear(place(number));
      }
    }

    private static int place(long number) {
      return (int) (number & (REMEMBERED - 1));
    }
  }
}
