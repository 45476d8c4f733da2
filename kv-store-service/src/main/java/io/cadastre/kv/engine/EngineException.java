package io.cadastre.kv.engine;

/**
 * The disk or the engine failed. What was acknowledged is in the log; this member must not go on.
 */
public final class EngineException extends RuntimeException {

  EngineException(String what, Throwable cause) {
    super(what + ": " + cause.getMessage(), cause);
  }
}
