package io.cadastre.messaging.receive;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class LanesSimulationTest {

  @Test
  void whateverTheOrderOfEventsNothingIsLostReorderedOrCommittedEarly() {
    for (long seed = 0; seed < 400; seed++) {
      try {
        new LanesSimulation(seed).run(600);
      } catch (RuntimeException | AssertionError e) {
        Assertions.fail("seed " + seed, e);
      }
    }
  }
}
