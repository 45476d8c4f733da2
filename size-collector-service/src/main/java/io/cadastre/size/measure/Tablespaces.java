package io.cadastre.size.measure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * InnoDB's own account of its files, which needs the PROCESS privilege. Every engine version has it
 * under another name and with other columns, so they are looked up.
 *
 * <p>MariaDB knows the tablespaces of those tables only that were opened since its start. Reading
 * {@code information_schema.TABLES} opens them all, and so comes before {@link #allocated}.
 */
final class Tablespaces {

  private static final String VIEWS = "information_schema.";

  private Tablespaces() {}

  /** Neither name may hold the character between them. */
  static String key(String database, String table) {
    return database + '\0' + table;
  }

  /**
   * Bytes on disk by database, over the tablespaces of single tables and partitions; the system's,
   * general, undo and temporary tablespaces belong to no database.
   *
   * @param databases all there are, to tell a slash in a name from the one behind it
   * @throws SQLException without the PROCESS privilege, among others
   */
  static Map<String, Long> allocated(Connection connection, Set<String> databases)
      throws SQLException {
    String view = first(connection, "INNODB_TABLESPACES", "INNODB_SYS_TABLESPACES");
    if (view == null) {
      return Map.of();
    }
    // From MySQL 8.0 on the names are decoded in the one view and encoded in the other.
    Set<String> decodedNames = view.equals("INNODB_TABLESPACES") ? databases : Set.of();
    Set<String> columns = columns(connection, view);
    String size = columns.contains("ALLOCATED_SIZE") ? "ALLOCATED_SIZE" : "FILE_SIZE";
    String single = columns.contains("SPACE_TYPE") ? " AND SPACE_TYPE = 'Single'" : "";
    // Everything before the last slash; one row per database as good as always.
    String sql =
        """
        SELECT SUBSTRING(NAME, 1,
                 CHAR_LENGTH(NAME) - CHAR_LENGTH(SUBSTRING_INDEX(NAME, '/', -1)) - 1) AS path,
               SUM(%s)
        FROM %s%s WHERE NAME LIKE '%%/%%'%s GROUP BY path\
        """
            .formatted(size, VIEWS, view, single);
    Map<String, Long> allocated = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(MysqlMeasurement.FETCH_ROWS);
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          allocated.merge(databaseOf(rows.getString(1), decodedNames), rows.getLong(2), Long::sum);
        }
      }
    }
    return allocated;
  }

  /**
   * The longest known database that the path begins with: a decoded table name may hold slashes.
   */
  static String databaseOf(String path, Set<String> decodedNames) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      String candidate = path.substring(0, end);
      if (decodedNames.contains(candidate)) {
        return candidate;
      }
    }
    int slash = path.indexOf('/');
    return FileName.decode(slash < 0 ? path : path.substring(0, slash));
  }

  /**
   * The tables that live in a tablespace with others, as {@link #key}.
   *
   * @throws SQLException without the PROCESS privilege, among others
   */
  static Set<String> shared(Connection connection) throws SQLException {
    String view = first(connection, "INNODB_TABLES", "INNODB_SYS_TABLES");
    if (view == null) {
      return Set.of();
    }
    String condition =
        columns(connection, view).contains("SPACE_TYPE") ? "SPACE_TYPE <> 'Single'" : "SPACE = 0";
    Set<String> shared = new HashSet<>();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(MysqlMeasurement.FETCH_ROWS);
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT NAME FROM %s%s WHERE %s AND NAME LIKE '%%/%%'"
                  .formatted(VIEWS, view, condition))) {
        while (rows.next()) {
          shared.add(tableKey(rows.getString(1)));
        }
      }
    }
    return shared;
  }

  /** Of {@code database/table#P#partition}; a {@code #} of a name itself is encoded. */
  static String tableKey(String encoded) {
    int slash = encoded.indexOf('/');
    int partition = encoded.indexOf('#', slash + 2);
    String table = encoded.substring(slash + 1, partition < 0 ? encoded.length() : partition);
    return key(FileName.decode(encoded.substring(0, slash)), FileName.decode(table));
  }

  private static @Nullable String first(Connection connection, String... views)
      throws SQLException {
    for (String view : views) {
      if (!columns(connection, view).isEmpty()) {
        return view;
      }
    }
    return null;
  }

  private static Set<String> columns(Connection connection, String view) throws SQLException {
    Set<String> columns = new HashSet<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT COLUMN_NAME FROM information_schema.COLUMNS"
                + " WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME = ?")) {
      statement.setString(1, view);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.add(rows.getString(1));
        }
      }
    }
    return columns;
  }
}
