package io.cadastre.discovery.scan;

import io.cadastre.contracts.events.DatabaseEntry;
import java.nio.charset.StandardCharsets;
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

/** What PostgreSQL lists: to every account all of it, so the visibility is always complete. */
final class PostgresqlListing {

  /** The server's own, and those the large clouds put beside them. */
  private static final Set<String> SYSTEM =
      Set.of(
          "postgres",
          "template0",
          "template1",
          "rdsadmin",
          "cloudsqladmin",
          "azure_maintenance",
          "azure_sys");

  /**
   * The name as bytes: a database may have been named in another encoding than that of the database
   * one is connected to, and as text such a name would break the connection. A connection limit of
   * -2 marks a database whose removal was interrupted; nobody can connect to it.
   */
  private static final String SQL =
      """
      SELECT pg_catalog.namesend(d.datname),
             pg_catalog.pg_get_userbyid(d.datdba),
             pg_catalog.pg_encoding_to_char(d.encoding),
             d.datcollate,
             t.spcname,
             d.datistemplate,
             d.datallowconn AND d.datconnlimit <> -2
      FROM pg_catalog.pg_database d
      LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
      ORDER BY d.datname\
      """;

  private PostgresqlListing() {}

  /** The last work on its connection: the transaction ends with it. */
  static Listing of(Connection connection) throws SQLException {
    List<DatabaseEntry> databases = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    // The driver fetches in portions inside a transaction only.
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(Listing.FETCH_ROWS);
      try (ResultSet rows = statement.executeQuery(SQL)) {
        while (rows.next()) {
          Listing.requireRoom(databases.size());
          databases.add(entry(rows, seen));
        }
      }
    }
    return Listing.complete(databases);
  }

  private static DatabaseEntry entry(ResultSet row, Map<String, String> seen) throws SQLException {
    String name = new String(row.getBytes(1), StandardCharsets.UTF_8);
    return new DatabaseEntry(
        name,
        SYSTEM.contains(name),
        null,
        once(row.getString(4), seen),
        once(row.getString(2), seen),
        once(row.getString(3), seen),
        once(row.getString(5), seen),
        row.getBoolean(6),
        row.getBoolean(7));
  }

  /** Thousands of databases share a few owners and collations. */
  private static @Nullable String once(@Nullable String value, Map<String, String> seen) {
    return value == null ? null : seen.computeIfAbsent(value, same -> same);
  }
}
