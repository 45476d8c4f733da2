package io.cadastre.gateway.database;

/** The register's database did not let the gateway in while it was starting. */
final class DatabaseUnreachableException extends RuntimeException {

  DatabaseUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
