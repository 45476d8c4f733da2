package io.cadastre.kv.snapshot;

/** A file is no snapshot, or a damaged one. */
public final class SnapshotException extends RuntimeException {

  SnapshotException(String message) {
    super(message);
  }

  SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}
