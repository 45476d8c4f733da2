package io.cadastre.localservers;

/** A server did not start; the message holds the end of its log. */
public final class ServerStartException extends RuntimeException {
  private final String log;

  ServerStartException(String message, String log) {
    super(message);
    this.log = log;
  }

  /** Somebody took the port between our look and the server's. */
  boolean portTaken() {
    return log.contains("Address already in use") || log.contains("could not bind");
  }
}
