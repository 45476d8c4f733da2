package io.cadastre.kv.log;

import java.io.IOException;

/** There is no room for more of the log. What is in it is whole, and it can be tried again. */
public final class NoSpaceException extends IOException {

  NoSpaceException(String message, Throwable cause) {
    super(message, cause);
  }

  NoSpaceException(String message) {
    super(message);
  }
}
