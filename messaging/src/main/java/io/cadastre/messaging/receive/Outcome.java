package io.cadastre.messaging.receive;

import io.cadastre.messaging.OutageException;

/** How one attempt at a record ended. */
sealed interface Outcome {

  /** Its offset counts as done; {@code name} is the metric's tag. */
  record Done(String name) implements Outcome {}

  /** Try again later. */
  record Outage(OutageException cause) implements Outcome {}

  /** The receiver closes; whoever reads the partition next gets it again. */
  record Abandoned() implements Outcome {}
}
