package io.cadastre.messaging.receive;

import io.cadastre.contracts.events.UnreadableMessageException;
import io.cadastre.messaging.OutageException;

/** What an exception says about the record it was thrown for. */
sealed interface Verdict {

  /** The record is fine, something it needs is not. */
  record Wait(OutageException cause) implements Verdict {}

  /** The record goes to the dead letters. */
  record Bury(Fault fault, String reason) implements Verdict {}

  /** Who has to act on a dead letter. */
  enum Fault {
    /** The sender: it is no message, or its data does not fit its type. */
    UNREADABLE,
    /** The sender: it makes no sense here. */
    REJECTED,
    /** Whoever wrote the handler. */
    FAILED
  }

  /** Causes are searched too: futures and reactive types wrap what the handler's code threw. */
  static Verdict on(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case OutageException outage -> {
          return new Wait(outage);
        }
        case RejectedMessageException rejected -> {
          return new Bury(Fault.REJECTED, String.valueOf(rejected.getMessage()));
        }
        case UnreadableMessageException unreadable -> {
          return new Bury(Fault.UNREADABLE, String.valueOf(unreadable.getMessage()));
        }
        default -> {}
      }
    }
    return new Bury(Fault.FAILED, thrown.toString());
  }
}
