package io.cadastre.messaging.receive;

/** The message can be read, but makes no sense here and never will. */
public final class RejectedMessageException extends RuntimeException {

  public RejectedMessageException(String reason) {
    super(reason);
  }
}
