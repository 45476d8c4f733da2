package io.cadastre.kv.serve;

import io.cadastre.kv.mvcc.HistoryHash;
import io.cadastre.kv.raft.RaftMember;
import io.cadastre.kv.state.StateMachine;
import java.util.function.Supplier;

/** What this member has, read again from the disk. */
record OwnData(Supplier<StateMachine> state, RaftMember member) {

  /**
   * Hashes the history.
   *
   * @throws io.cadastre.kv.engine.EngineException where the store is not what was written
   * @throws io.cadastre.kv.log.LogDamagedException where the log is not
   */
  HistoryHash hash(long revision) {
    member.verifyLog();
    StateMachine current = state.get();
    // The hash may come from memory: what lies under that is found now, not when it is needed.
    current.engine().verify();
    return current.store().hash(revision);
  }
}
