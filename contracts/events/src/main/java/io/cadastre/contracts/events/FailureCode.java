package io.cadastre.contracts.events;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Why work on an instance or a database failed, and by that who has to act. */
public enum FailureCode {
  @JsonProperty("unknown_host")
  UNKNOWN_HOST,
  /** The address policy of the worker forbids to connect there. */
  @JsonProperty("address_denied")
  ADDRESS_DENIED,
  @JsonProperty("connection_refused")
  CONNECTION_REFUSED,
  /** No answer in time, while connecting or later. */
  @JsonProperty("timeout")
  TIMEOUT,
  /** No encryption offered, or a certificate that does not pass the TLS mode. */
  @JsonProperty("tls_failed")
  TLS_FAILED,
  /** The server refuses the user name or password. */
  @JsonProperty("authentication_failed")
  AUTHENTICATION_FAILED,
  @JsonProperty("permission_denied")
  PERMISSION_DENIED,
  /** The connection broke in the middle of the work. */
  @JsonProperty("connection_lost")
  CONNECTION_LOST,
  /** Dropped between being listed and being measured. */
  @JsonProperty("database_gone")
  DATABASE_GONE,
  /** Too old, or not the engine it was registered as. */
  @JsonProperty("unsupported_server")
  UNSUPPORTED_SERVER,
  /** The worker's keys do not open the sealed password. */
  @JsonProperty("secret_unreadable")
  SECRET_UNREADABLE,
  /** The command lay longer than anyone waits for it. */
  @JsonProperty("expired")
  EXPIRED,
  /** The server answered with an error of its own; the message has it. */
  @JsonProperty("server_error")
  SERVER_ERROR,
  /** A code newer than this reader. */
  @JsonEnumDefaultValue
  @JsonProperty("unknown")
  UNKNOWN
}
