package io.cadastre.contracts.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The wire protocol a database instance speaks. A message about an engine newer than its reader is
 * unreadable to it: nothing else in the message would mean what the reader thinks.
 */
public enum Engine {
  /** MySQL 5.7 and newer, MariaDB 10.6 and newer. */
  @JsonProperty("mysql")
  MYSQL,
  /** PostgreSQL 13 and newer. */
  @JsonProperty("postgresql")
  POSTGRESQL
}
