package io.cadastre.gateway.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param nextCursor asks for what comes after; absent at the end
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Page<T>(List<T> items, @Nullable String nextCursor) {

  public Page {
    items = List.copyOf(items);
  }

  /**
   * From {@code limit + 1} rows: the one too many says that there is more.
   *
   * @param cursor where the next page starts when this row was the last
   */
  public static <T> Page<T> of(List<T> rows, int limit, Function<T, Cursor> cursor) {
    return rows.size() <= limit
        ? new Page<>(rows, null)
        : new Page<>(rows.subList(0, limit), cursor.apply(rows.get(limit - 1)).encode());
  }
}
