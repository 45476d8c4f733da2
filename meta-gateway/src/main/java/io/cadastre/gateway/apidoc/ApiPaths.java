package io.cadastre.gateway.apidoc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths as the document writes them: names of variables in snake_case, as all names are. */
final class ApiPaths {

  private static final Pattern VARIABLE = Pattern.compile("\\{\\*?([A-Za-z]+)[^}]*}");

  private ApiPaths() {}

  static String documented(String route) {
    return VARIABLE
        .matcher(route)
        .replaceAll(variable -> Matcher.quoteReplacement("{" + snakeCase(variable.group(1)) + "}"));
  }

  private static String snakeCase(String name) {
    StringBuilder snake = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
  }
}
