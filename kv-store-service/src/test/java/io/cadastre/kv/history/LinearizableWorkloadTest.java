package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Histories that a store without faults might have told, and the same with one wrong answer. */
final class LinearizableWorkloadTest {

  @Test
  void whatARealStoreAnsweredIsAcceptedAndWithOneWrongReadIsNot() {
    for (int round = 0; round < 30; round++) {
      List<Operation> told = concurrent(new Random(round), 800, 8);
      assertThat(Linearizability.violation(told)).as("round %d", round).isEmpty();
      int at = wrongable(told);
      Operation right = told.get(at);
      List<Optional<String>> wrong = new ArrayList<>(answer(right).told());
      wrong.set(wrong.size() - 1, Optional.of("never written"));
      told.set(
          at,
          Operation.answered(
              right.client(),
              right.request(),
              right.invoked(),
              right.returned(),
              new Answer(true, wrong, 0)));
      assertThat(Linearizability.violation(told)).as("round %d", round).isPresent();
    }
  }

  /** Every operation takes effect at a moment between its beginning and its end. */
  private static List<Operation> concurrent(Random random, int operations, int clients) {
    Map<String, String> state = new HashMap<>();
    long[] free = new long[clients];
    List<Operation> told = new ArrayList<>();
    Workload workload = new Workload("v", random.nextLong());
    for (int i = 0; i < operations; i++) {
      long effect = 10L * i;
      int client = random.nextInt(clients);
      long from = Math.max(free[client], effect - random.nextInt(80));
      if (from > effect) {
        continue;
      }
      long to = effect + random.nextInt(80);
      free[client] = to + 1;
      Request request = workload.next(0);
      if (Workload.readsManyGroups(request)) {
        continue;
      }
      boolean lost = random.nextInt(50) == 0;
      if (lost && random.nextBoolean()) {
        told.add(Operation.unknown(client, request, from));
        continue;
      }
      Request.Outcome outcome = request.run(state);
      state = new HashMap<>(outcome.after());
      Operation operation =
          Operation.answered(
              client, request, from, to, new Answer(outcome.held(), outcome.told(), 0));
      workload.learn(operation);
      told.add(lost ? operation.unanswered() : operation);
    }
    return told;
  }

  private static Answer answer(Operation operation) {
    return Optional.ofNullable(operation.answer()).orElseThrow();
  }

  private static int wrongable(List<Operation> told) {
    for (int i = told.size() / 2; i < told.size(); i++) {
      Operation each = told.get(i);
      if (each.answer() != null && !each.request().mayWrite()) {
        return i;
      }
    }
    throw new IllegalStateException("no read");
  }
}
