package io.cadastre.standalone.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What was found, as a table on the screen. */
final class FoundTable {
  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");

  private final List<Row> rows = new ArrayList<>();

  private record Row(String instance, String database, boolean system, long bytes, String note) {}

  void add(String instance, JsonNode database) {
    rows.add(
        new Row(
            instance,
            database.path("name").asString(),
            database.path("system").asBoolean(false),
            database.path("size_bytes").asLong(-1),
            database.path("size_failure").path("message").asString("")));
  }

  void print(PrintStream out) {
    long total = rows.stream().mapToLong(row -> Math.max(0, row.bytes())).sum();
    long instances = rows.stream().map(Row::instance).distinct().count();
    out.printf("%n  %-18s %-28s %12s%n", "instance", "database", "size");
    out.printf("  %s%n", "-".repeat(60));
    rows.stream()
        .sorted(
            Comparator.comparing(Row::instance)
                .thenComparing(Row::system)
                .thenComparing(Comparator.comparingLong(Row::bytes).reversed()))
        .forEach(row -> print(out, row));
    out.printf("  %s%n", "-".repeat(60));
    long system = rows.stream().filter(Row::system).count();
    out.printf(
        "  %-18s %-28s %12s%n%n",
        instances + " instances",
        "%d databases, %d of the system".formatted(rows.size(), system),
        size(total));
  }

  private static void print(PrintStream out, Row row) {
    out.printf(
        "  %-18s %s %12s%s%s%n",
        row.instance(),
        padded(row.database(), 28),
        row.bytes() < 0 ? "not measured" : size(row.bytes()),
        row.system() ? "  (system)" : "",
        row.note().isEmpty() ? "" : "  " + row.note());
  }

  /** A terminal gives ideographs two columns. */
  private static String padded(String name, int columns) {
    long wide = name.codePoints().filter(Character::isIdeographic).count();
    long taken = name.codePointCount(0, name.length()) + wide;
    return name + " ".repeat((int) Math.max(0, columns - taken));
  }

  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.size() - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
  }
}
