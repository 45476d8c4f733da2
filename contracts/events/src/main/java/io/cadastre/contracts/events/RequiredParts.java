package io.cadastre.contracts.events;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a record that lacks what is not marked nullable.
 *
 * <p>The JSON reader leaves out what is absent, and it may: a property that is optional today. What
 * is required is said once, by the record itself.
 */
final class RequiredParts {

  private RequiredParts() {}

  /** Names the first part that is missing, with the way to it. */
  static void check(Record message) {
    check(message, "");
  }

  private static void check(Record part, String path) {
    for (RecordComponent component : part.getClass().getRecordComponents()) {
      String name = path + component.getName();
      Object value = value(component, part);
      if (value instanceof Record nested) {
        check(nested, name + ".");
      } else if (value instanceof Collection<?> elements) {
        for (Object element : elements) {
          if (element instanceof Record nested) {
            check(nested, name + "[].");
          }
        }
      } else if (value == null
          && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        throw new IllegalArgumentException(name + " is missing");
      }
    }
  }

  private static @Nullable Object value(RecordComponent component, Record part) {
    try {
      return component.getAccessor().invoke(part);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}
