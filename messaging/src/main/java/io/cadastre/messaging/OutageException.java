package io.cadastre.messaging;

import org.jspecify.annotations.Nullable;

/**
 * Something this service needs does not answer now; the same work will succeed once it does. A
 * receiver retries, with backoff, until then.
 */
public final class OutageException extends RuntimeException {

  public OutageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
