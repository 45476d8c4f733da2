package io.cadastre.standalone.demo;

import java.util.List;

/**
 * A table of a demo database; every one has a generated key first.
 *
 * @param rows at scale 1
 */
record DemoTable(String name, int rows, List<Column> columns) {

  static DemoTable of(String name, int rows, Column... columns) {
    return new DemoTable(name, rows, List.of(columns));
  }
}
