package io.cadastre.gateway.database;

import io.r2dbc.spi.Readable;

/** Reads columns that the schema says are never null. */
public final class Columns {

  private Columns() {}

  /** The value of a NOT NULL column. */
  public static <T> T required(Readable row, String column, Class<T> type) {
    T value = row.get(column, type);
    if (value == null) {
      throw new IllegalStateException(column + " is null");
    }
    return value;
  }
}
