package io.cadastre.contracts.events;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.NamingStrategyImpls;

/**
 * Refuses a record that lacks what is not marked nullable, or whose texts are none.
 *
 * <p>The JSON reader leaves out what is absent, and it may: a property that is optional today. What
 * is required is said once, by the record itself. And it reads the escapes of U+0000 and of half a
 * surrogate pair, which no database and no UTF-8 can hold.
 */
final class DataCheck {

  /** Looked up once for each type: asking the JVM anew costs more than reading the JSON. */
  private static final ClassValue<List<Component>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents()).map(Component::of).toList();
        }
      };

  private DataCheck() {}

  /** Names the first part that is wrong as the wire does, with the way to it. */
  static void check(Record message) {
    check(message, "");
  }

  private static void check(Record part, String path) {
    for (Component component : COMPONENTS.get(part.getClass())) {
      Object value = component.of(part);
      if (value instanceof Record nested) {
        check(nested, path + component.name() + ".");
      } else if (value instanceof Collection<?> elements) {
        checkElements(elements, path + component.name() + "[]");
      } else if (value instanceof String text) {
        checkText(text, path + component.name());
      } else if (value == null && !component.nullable()) {
        throw new IllegalArgumentException(path + component.name() + " is missing");
      }
    }
  }

  private static void checkElements(Collection<?> elements, String path) {
    for (Object element : elements) {
      if (element instanceof Record nested) {
        check(nested, path + ".");
      } else if (element instanceof String text) {
        checkText(text, path);
      }
    }
  }

  private static void checkText(String text, String path) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        throw new IllegalArgumentException(
            "%s: text with U+%04X at %d".formatted(path, (int) c, i));
      }
    }
  }

  private record Component(String name, Method accessor, boolean nullable) {

    static Component of(RecordComponent component) {
      return new Component(
          NamingStrategyImpls.SNAKE_CASE.translate(component.getName()),
          component.getAccessor(),
          component.getAnnotatedType().isAnnotationPresent(Nullable.class));
    }

    @Nullable Object of(Record part) {
      try {
        return accessor.invoke(part);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(accessor + " cannot be called", e);
      }
    }
  }
}
