package io.cadastre.gateway.problem;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Field;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a caller would call what a Java type reads. */
final class TypeNames {

  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");

  private TypeNames() {}

  /**
   * What would have been right.
   *
   * @param value what was given, where that is known
   */
  static String of(@Nullable Class<?> type, @Nullable Object value) {
    boolean integer =
        type == int.class || type == Integer.class || type == long.class || type == Long.class;
    // Which of them a field takes is told once they can be read.
    return integer && value != null && INTEGER.matcher(value.toString()).matches()
        ? "an integer nearer to 0"
        : integer ? "an integer" : ofOther(type);
  }

  private static String ofOther(@Nullable Class<?> type) {
    if (type == null) {
      return "another type";
    }
    if (type.isEnum()) {
      return constants(type);
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a string";
    }
    if (type == UUID.class) {
      return "a UUID";
    }
    if (type == Instant.class) {
      return "a time in UTC, for example 2026-11-21T03:00:00Z";
    }
    if (type == LocalDate.class) {
      return "a date, for example 2026-11-21";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "a number";
    }
    return Collection.class.isAssignableFrom(type) || type.isArray() ? "an array" : "an object";
  }

  private static String constants(Class<?> type) {
    return String.join(
        ", ",
        Arrays.stream(type.getFields())
            .filter(Field::isEnumConstant)
            .map(TypeNames::name)
            .toList());
  }

  private static String name(Field constant) {
    JsonProperty json = constant.getAnnotation(JsonProperty.class);
    return json == null ? constant.getName() : json.value();
  }
}
