package io.cadastre.contracts.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidFormatException;

/**
 * The wire protocol a database instance speaks.
 *
 * <p>Engines are added inside a version. An event about one that its reader does not know is passed
 * over like a type it does not know: nothing else in it would mean what the reader thinks. A
 * command is unreadable then: it tells that the gateway was upgraded before its workers.
 */
public enum Engine {
  /** MySQL 5.7 and newer, MariaDB 10.6 and newer. */
  @JsonProperty("mysql")
  MYSQL,
  /** PostgreSQL 13 and newer. */
  @JsonProperty("postgresql")
  POSTGRESQL;

  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_-]*");

  /** Whether a message cannot be read for no other reason than an engine of a later version. */
  static boolean isLater(JacksonException unreadable) {
    return unreadable instanceof InvalidFormatException wrong
        && wrong.getTargetType() == Engine.class
        && wrong.getValue() instanceof String code
        && CODE.matcher(code).matches();
  }
}
