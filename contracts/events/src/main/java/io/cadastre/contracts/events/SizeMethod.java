package io.cadastre.contracts.events;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a measurement comes from. */
public enum SizeMethod {
  /**
   * Bytes allocated to InnoDB tablespaces, other engines from {@code information_schema.TABLES}.
   */
  @JsonProperty("allocated_tablespaces")
  ALLOCATED_TABLESPACES,
  /** {@code information_schema.TABLES} alone: an estimate. */
  @JsonProperty("information_schema")
  INFORMATION_SCHEMA,
  /** {@code pg_database_size}. */
  @JsonProperty("pg_database_size")
  PG_DATABASE_SIZE,
  /** A method newer than this reader. */
  @JsonEnumDefaultValue
  @JsonProperty("unknown")
  UNKNOWN
}
