package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;

/** What JRaft did with a command that it was given. */
enum Taken {
  /** It is applied here, or it may still be in the log. */
  PERHAPS,
  /** Certainly not: another member leads, or will in a moment. */
  REFUSED,
  /** Certainly not: there is no room. */
  OVERLOADED;

  static Taken of(Status status) {
    String text = status.getErrorMsg() == null ? "" : status.getErrorMsg();
    return switch (status.getRaftError()) {
      // The texts of NodeImpl: after "Leader stepped down" an entry may be with others already.
      case RaftError.EPERM ->
          text.startsWith("Is not leader") || text.startsWith("expected_term") ? REFUSED : PERHAPS;
      case RaftError.EBUSY -> text.startsWith("Is transferring") ? REFUSED : OVERLOADED;
      case RaftError.ENODESHUTDOWN -> REFUSED;
      default -> PERHAPS;
    };
  }

  /** Hears of it once. */
  interface Listener extends Closure {
    void heard(Taken taken);

    @Override
    default void run(Status status) {
      heard(of(status));
    }
  }
}
