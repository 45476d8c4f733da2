package io.cadastre.standalone.demo;

import java.util.stream.Collectors;

/** What the two engines write differently. */
enum Dialect {
  MARIADB("`", "id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY"),
  POSTGRESQL("\"", "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY");

  private final String quote;
  private final String key;

  Dialect(String quote, String key) {
    this.quote = quote;
    this.key = key;
  }

  String quoted(String name) {
    return quote + name.replace(quote, quote + quote) + quote;
  }

  String createTable(DemoTable table) {
    return "CREATE TABLE %s (%s, %s)"
        .formatted(
            quoted(table.name()),
            key,
            table.columns().stream()
                .map(column -> quoted(column.name()) + " " + type(column.kind()) + " NOT NULL")
                .collect(Collectors.joining(", ")));
  }

  String insert(DemoTable table) {
    return "INSERT INTO %s (%s) VALUES (%s)"
        .formatted(
            quoted(table.name()),
            table.columns().stream()
                .map(column -> quoted(column.name()))
                .collect(Collectors.joining(", ")),
            table.columns().stream().map(_ -> "?").collect(Collectors.joining(", ")));
  }

  private String type(Column.Kind kind) {
    return switch (kind) {
      case PERSON, COMPANY, EMAIL, CITY -> "varchar(120)";
      case WORD -> "varchar(20)";
      case ADDRESS -> "varchar(45)";
      case AMOUNT -> "decimal(12,2)";
      case COUNT -> "integer";
      case MOMENT -> this == MARIADB ? "datetime(3)" : "timestamp(3)";
      case SENTENCE -> "varchar(200)";
      case DOCUMENT -> "text";
    };
  }
}
