package io.cadastre.kv.lease;

/** Only the leader knows how long leases live: ask it. */
public final class NotLeaderException extends RuntimeException {

  NotLeaderException() {
    super("this member does not decide on leases", null, false, false);
  }
}
