package io.cadastre.secrets;

import java.nio.file.Path;

/** A keyset that cannot be used; never quotes it, since it may hold private keys. */
public final class InvalidKeysetException extends RuntimeException {

  InvalidKeysetException(String reason) {
    super(reason);
  }

  InvalidKeysetException in(Path file) {
    return new InvalidKeysetException(file + ": " + getMessage());
  }
}
