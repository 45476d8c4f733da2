package io.cadastre.size.measure;

import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.SizeMethod;
import io.cadastre.instanceaccess.InstanceAccessException;
import io.cadastre.instanceaccess.InstanceSession;
import io.cadastre.instanceaccess.privilege.MysqlPrivileges;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bytes allocated to InnoDB's tablespaces, and {@code information_schema.TABLES} for the rest.
 */
final class MysqlMeasurement {

  /** Rows per round trip, so that the driver never holds a whole answer. */
  static final int FETCH_ROWS = 1_000;

  private final InstanceSession session;

  MysqlMeasurement(InstanceSession session) {
    this.session = session;
  }

  /**
   * What was found out about all databases at once.
   *
   * @param tablespaces allocated bytes by database; absent where the account may not see them
   */
  record Findings(
      Basis basis,
      @Nullable Map<String, Long> tablespaces,
      Map<String, TableBytes> tables,
      Scope scope) {}

  /** Which tables the account sees: all, or those it has a privilege on. */
  enum Scope {
    EVERY_TABLE,
    SOME_TABLES
  }

  /** Every database the account sees, whether wanted or not. */
  Set<String> listed() throws InstanceAccessException {
    return session.run(connection -> {
      Set<String> names = new LinkedHashSet<>();
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(FETCH_ROWS);
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME")) {
          while (rows.next()) {
            names.add(rows.getString(1));
          }
        }
      }
      return names;
    });
  }

  static List<String> wanted(Set<String> listed, NamePatterns patterns) {
    return listed.stream().filter(patterns::admits).toList();
  }

  Findings find(Set<String> listed) throws InstanceAccessException {
    MysqlPrivileges privileges = session.run(MysqlPrivileges::of);
    Scope scope =
        privileges.hasAnyOf("SELECT") && !privileges.partlyRevoked()
            ? Scope.EVERY_TABLE
            : Scope.SOME_TABLES;
    Set<String> shared = sharedTablespaces();
    Map<String, TableBytes> tables =
        session.run(connection -> tables(connection, shared, fileFromServer(connection)));
    Map<String, Long> allocated =
        shared == null
            ? null
            : session.run(connection -> Tablespaces.allocated(connection, listed));
    return new Findings(basis(allocated != null, scope), allocated, tables, scope);
  }

  private static Basis basis(boolean tablespacesSeen, Scope scope) {
    if (!tablespacesSeen) {
      return new Basis(
          SizeMethod.INFORMATION_SCHEMA,
          "without the PROCESS privilege the bytes allocated to InnoDB tablespaces are unknown");
    }
    return new Basis(
        SizeMethod.ALLOCATED_TABLESPACES,
        scope == Scope.EVERY_TABLE
            ? null
            : "without the global SELECT privilege tables of other engines than InnoDB, and those"
                + " that MariaDB has not opened since its start, may be missing");
  }

  private @Nullable Set<String> sharedTablespaces() throws InstanceAccessException {
    try {
      return session.run(Tablespaces::shared);
    } catch (InstanceAccessException e) {
      if (e.failure().code() == FailureCode.PERMISSION_DENIED) {
        return null;
      }
      throw e;
    }
  }

  /** Where tablespaces are unseen, whether a new table gets a file of its own must do. */
  private static boolean fileFromServer(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW VARIABLES LIKE 'innodb_file_per_table'")) {
      return rows.next() && rows.getString(2).equalsIgnoreCase("ON");
    }
  }

  private Map<String, TableBytes> tables(
      Connection connection, @Nullable Set<String> shared, boolean filePerTable)
      throws SQLException {
    askForFreshStatistics(connection);
    Map<String, TableBytes> tables = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet rows =
          statement.executeQuery(
              """
              SELECT TABLE_SCHEMA, TABLE_NAME, ENGINE, DATA_LENGTH, INDEX_LENGTH, DATA_FREE
              FROM information_schema.TABLES
              WHERE TABLE_TYPE NOT IN ('VIEW', 'SYSTEM VIEW')\
              """)) {
        while (rows.next()) {
          String database = rows.getString(1);
          boolean ownTablespace =
              shared == null
                  ? filePerTable
                  : !shared.contains(Tablespaces.key(database, rows.getString(2)));
          tables
              .computeIfAbsent(database, _ -> new TableBytes())
              .add(engine(rows), rows.getLong(4), rows.getLong(5), rows.getLong(6), ownTablespace);
        }
      }
    }
    return tables;
  }

  private static String engine(ResultSet row) throws SQLException {
    return String.valueOf(row.getString(3)).toUpperCase(Locale.ROOT);
  }

  /** MySQL 8 would serve sizes that are up to a day old. */
  private void askForFreshStatistics(Connection connection) throws SQLException {
    boolean caches =
        session.server().product().equals("MySQL") && !session.server().version().startsWith("5.");
    if (caches) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET SESSION information_schema_stats_expiry = 0");
      }
    }
  }

  /** Tells about each database that was listed, {@code stillListed} at the end or not. */
  static void tell(
      List<String> databases, Set<String> stillListed, Findings findings, Report report) {
    for (String database : databases) {
      if (stillListed.contains(database)) {
        report.measured(size(database, findings));
      } else {
        report.failed(database, Gone.FAILURE);
      }
    }
  }

  private static DatabaseSize size(String database, Findings findings) {
    TableBytes tables = findings.tables().getOrDefault(database, new TableBytes());
    Map<String, Long> tablespaces = findings.tablespaces();
    if (tablespaces == null) {
      long all = tables.data() + tables.index() + tables.free();
      return new DatabaseSize(database, all, tables.data(), tables.index(), tables.free());
    }
    long allocated = tablespaces.getOrDefault(database, 0L);
    long all = allocated + tables.outsideTablespaces();
    if (findings.scope() == Scope.SOME_TABLES && tables.tables() == 0 && allocated > 0) {
      return new DatabaseSize(database, all, null, null, null);
    }
    return new DatabaseSize(database, all, tables.data(), tables.index(), tables.free());
  }
}
