package io.cadastre.kv.history;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request and what came of it.
 *
 * @param invoked when the client sent it
 * @param returned when it had the answer; {@link #NEVER} where none came
 * @param answer null where it is not known: it may take effect at any time after it was sent, or
 *     never
 * @param mayBeStale whether it asked for what the member knew, current or not
 */
record Operation(
    int client,
    Request request,
    long invoked,
    long returned,
    @Nullable Answer answer,
    boolean mayBeStale) {

  static final long NEVER = Long.MAX_VALUE;

  static Operation answered(
      int client, Request request, long invoked, long returned, Answer answer) {
    return new Operation(client, request, invoked, returned, answer, false);
  }

  static Operation unknown(int client, Request request, long invoked) {
    return new Operation(client, request, invoked, NEVER, null, false);
  }

  Set<String> keys() {
    return request.keys();
  }

  /** The operation as somebody knows it who looked at a moment before its answer came. */
  Operation unanswered() {
    return unknown(client, request, invoked);
  }

  /** Whether it took a revision; not known without an answer. */
  boolean wrote() {
    Answer got = answer;
    if (got == null) {
      return false;
    }
    int at = 0;
    for (Step step : got.held() ? request.then() : request.otherwise()) {
      int upTo = Math.min(got.told().size(), at + tells(step));
      boolean wrote =
          switch (step) {
            case Step.Read _, Step.ReadAll _ -> false;
            case Step.Write _ -> true;
            // What was deleted is what is told.
            case Step.Delete _, Step.DeleteAll _ ->
                got.told().subList(at, upTo).stream().anyMatch(Optional::isPresent);
          };
      if (wrote) {
        return true;
      }
      at = upTo;
    }
    return false;
  }

  /** How many values the answer holds of a step. */
  static int tells(Step step) {
    return step instanceof Step.Write write && !write.tellsPrevious() ? 0 : step.keys().size();
  }

  @Override
  public String toString() {
    Answer got = answer;
    String asked =
        (request.expected().isEmpty() ? "" : "if " + sorted(request.expected().entrySet()) + " ")
            + request.then()
            + (request.otherwise().isEmpty() ? "" : " else " + request.otherwise());
    String came =
        got == null
            ? "?"
            : (got.held() ? "" : "else ") + got.told() + " at revision " + got.revision();
    return "%12d %12s client %d: %s -> %s"
        .formatted(invoked / 1_000, returned == NEVER ? "" : returned / 1_000, client, asked, came);
  }

  private static String sorted(Set<?> entries) {
    return entries.stream().map(Object::toString).sorted().collect(Collectors.joining(" and "));
  }
}
