package io.cadastre.contracts.events;

import org.jspecify.annotations.Nullable;

/**
 * The record is not a message of Cadastre, or its data does not fit its type. Reading it again will
 * not help.
 */
public final class UnreadableMessageException extends RuntimeException {

  public UnreadableMessageException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
