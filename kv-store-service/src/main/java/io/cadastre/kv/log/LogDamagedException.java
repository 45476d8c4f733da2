package io.cadastre.kv.log;

/** The log holds an entry that is not what was written: the member must not go on from it. */
public final class LogDamagedException extends RuntimeException {

  /** Says which file, where in it, and which entry. */
  public LogDamagedException(String message) {
    super(message);
  }
}
