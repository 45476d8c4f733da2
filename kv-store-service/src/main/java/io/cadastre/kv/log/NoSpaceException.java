package io.cadastre.kv.log;

import java.io.IOException;

/** There is no room for more of the log. What is in it is whole. */
final class NoSpaceException extends IOException {

  NoSpaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
