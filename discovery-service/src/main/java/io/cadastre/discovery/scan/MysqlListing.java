package io.cadastre.discovery.scan;

import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.instanceaccess.privilege.MysqlPrivileges;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What MySQL and MariaDB list. */
final class MysqlListing {

  private static final Set<String> SYSTEM =
      Set.of("information_schema", "mysql", "performance_schema", "sys");

  /** How a folder in the data directory shows that the server did not make. */
  private static final String NOT_MADE_BY_THE_SERVER = "#mysql50#";

  private MysqlListing() {}

  static Listing of(Connection connection) throws SQLException {
    // Before the listing: a privilege lost in between then shows as one that was never there.
    boolean before = MysqlPrivileges.of(connection).seesEveryDatabase();
    List<DatabaseEntry> databases = databases(connection);
    boolean after = MysqlPrivileges.of(connection).seesEveryDatabase();
    return before && after
        ? Listing.complete(databases)
        : Listing.restricted(
            databases,
            "the account has no global SHOW DATABASES privilege, so it sees only databases it has"
                + " a privilege on");
  }

  private static List<DatabaseEntry> databases(Connection connection) throws SQLException {
    List<DatabaseEntry> databases = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(Listing.FETCH_ROWS);
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME"
                  + " FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME")) {
        while (rows.next()) {
          Listing.requireRoom(databases.size());
          databases.add(
              entry(
                  rows.getString(1), once(rows.getString(2), seen), once(rows.getString(3), seen)));
        }
      }
    }
    return databases;
  }

  /** Thousands of databases share a few collations. */
  private static @Nullable String once(@Nullable String value, Map<String, String> seen) {
    return value == null ? null : seen.computeIfAbsent(value, same -> same);
  }

  private static DatabaseEntry entry(
      String name, @Nullable String characterSet, @Nullable String collation) {
    boolean system = SYSTEM.contains(name) || name.startsWith(NOT_MADE_BY_THE_SERVER);
    return new DatabaseEntry(name, system, characterSet, collation, null, null, null, null, null);
  }
}
