package io.cadastre.gateway.problem;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a request.
 *
 * @param field where, as the request names it, for example {@code tls.ca_certificate}
 * @param value what was given, cut to a readable length; absent where it is a secret or missing
 * @param allowed what would have been right, for example {@code 1 to 65535}
 */
public record Violation(String field, @Nullable Object value, String allowed) {

  private static final int VALUE_LENGTH_MAX = 200;

  public Violation {
    if (value != null && !(value instanceof Number || value instanceof Boolean)) {
      String text = value.toString();
      int length = text.codePointCount(0, text.length());
      value =
          length <= VALUE_LENGTH_MAX
              ? text
              : text.substring(0, text.offsetByCodePoints(0, VALUE_LENGTH_MAX)) + "…";
    }
  }

  /** {@code port: 0 (allowed: 1 to 65535)}. */
  @Override
  public String toString() {
    return field + ": " + (value == null ? "" : value + " ") + "(allowed: " + allowed + ")";
  }
}
