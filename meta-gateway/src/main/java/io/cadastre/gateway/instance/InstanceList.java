package io.cadastre.gateway.instance;

import io.cadastre.contracts.events.Engine;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which instances are asked for, in which order.
 *
 * @param tags {@code key:value}, or {@code key} alone for any value; all must be there
 */
record InstanceList(
    @Nullable String search,
    @Nullable Engine engine,
    List<String> tags,
    boolean deleted,
    Sort sort) {

  /** An order, forth or back; the id decides between equals. */
  record Sort(Column column, boolean descending) {

    /** The order of this name; empty where there is none. */
    static Optional<Sort> named(String name) {
      boolean descending = name.startsWith("-");
      String column = descending ? name.substring(1) : name;
      return Arrays.stream(Column.values())
          .filter(each -> each.word().equals(column))
          .findFirst()
          .map(each -> new Sort(each, descending));
    }

    String word() {
      return (descending ? "-" : "") + column.word();
    }

    /** Allowed names, for a message. */
    static String names() {
      return String.join(", ", Arrays.stream(Column.values()).map(Column::word).toList())
          + ", each also with a hyphen before it";
    }
  }

  /** What can be ordered by. Where nothing is known yet, it counts as least. */
  enum Column {
    NAME("lower(i.name)", "text"),
    CREATED_AT("i.created_at", "timestamptz"),
    DATABASE_COUNT("coalesce(s.database_count, -1)", "integer"),
    TOTAL_SIZE_BYTES("coalesce(s.total_size_bytes, -1)", "bigint"),
    LAST_DATABASE_SYNC_AT("coalesce(s.last_database_sync_at, '-infinity')", "timestamptz"),
    LAST_SIZE_SYNC_AT("coalesce(s.last_size_sync_at, '-infinity')", "timestamptz");

    final String expression;
    final String type;

    Column(String expression, String type) {
      this.expression = expression;
      this.type = type;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
