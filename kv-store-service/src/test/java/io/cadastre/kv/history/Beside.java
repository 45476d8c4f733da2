package io.cadastre.kv.history;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What else somebody does with a cluster while clients make a history, and the rules for it. */
interface Beside {

  /** Goes on until the faults are over, and waits for what has to come after. */
  void run(BooleanSupplier over) throws Exception;

  /** Says what was wrong. */
  Optional<String> violation(Story story, List<Operation> history);

  /** How much there was of it. */
  String summary();
}
