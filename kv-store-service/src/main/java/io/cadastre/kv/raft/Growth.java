package io.cadastre.kv.raft;

import io.cadastre.contracts.kv.command.Command;
import io.cadastre.kv.alarm.Alarms;
import io.cadastre.kv.state.Replica;
import org.jspecify.annotations.Nullable;

/** Whether what is on the disk may grow, as far as is known. */
record Growth(@Nullable DiskLog log, Replica replica) {

  boolean isPossible() {
    return (log == null || log.hasRoom()) && replica.current().engine().hasRoom();
  }

  /** What may free room is taken as long as there is any left. */
  boolean allows(Command.Builder command) {
    return !grows(command) || isPossible();
  }

  private static boolean grows(Command.Builder command) {
    return switch (command.getRequestCase()) {
      case PUT, LEASE_GRANT -> true;
      case TXN -> Alarms.couldPut(command.getTxn());
      default -> false;
    };
  }
}
