package io.cadastre.kv.mvcc;

/** The revision asked for does not exist yet. */
public final class FutureRevisionException extends RuntimeException {

  FutureRevisionException(long revision, long currentRevision) {
    super(
        "revision: " + revision + " (allowed: up to " + currentRevision + ")", null, false, false);
  }
}
