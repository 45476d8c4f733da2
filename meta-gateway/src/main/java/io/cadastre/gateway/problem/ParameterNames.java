package io.cadastre.gateway.problem;

import java.util.Locale;

/** Java's names of parameters as the API writes them. */
final class ParameterNames {

  private ParameterNames() {}

  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
