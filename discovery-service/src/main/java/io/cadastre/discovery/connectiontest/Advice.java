package io.cadastre.discovery.connectiontest;

import io.cadastre.instanceaccess.privilege.MysqlPrivileges;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Which privileges an account lacks, and what does not work without them. */
final class Advice {

  private Advice() {}

  static List<String> forMysql(Connection connection) throws SQLException {
    return forMysql(MysqlPrivileges.of(connection));
  }

  static List<String> forMysql(MysqlPrivileges privileges) {
    List<String> advice = new ArrayList<>();
    if (!privileges.seesEveryDatabase()) {
      advice.add(
          privileges.partlyRevoked()
              ? "Discovery: privileges are revoked for single databases, so no database is ever"
                  + " marked deleted. Grant SHOW DATABASES ON *.* without such revokes."
              : "Discovery: the account sees only databases it has a privilege on, so others are"
                  + " missed and none is ever marked deleted. Grant SHOW DATABASES ON *.*.");
    }
    if (!privileges.hasAnyOf("PROCESS")) {
      advice.add(
          "Sizes: without the bytes allocated to InnoDB tablespaces they are estimates from"
              + " information_schema. Grant PROCESS ON *.*.");
    }
    if (privileges.partlyRevoked() || !privileges.hasAnyOf("SELECT")) {
      advice.add(
          "Sizes: tables the account has no privilege on are missing from data and index bytes, and"
              + " those of other engines than InnoDB from the total. Grant SELECT ON *.*.");
    }
    return advice;
  }

  static List<String> forPostgresql(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT count(*) FROM pg_catalog.pg_database d
                WHERE NOT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
                  AND NOT pg_catalog.has_database_privilege(d.oid, 'CONNECT')\
                """)) {
      long unreadable = rows.next() ? rows.getLong(1) : 0;
      return unreadable == 0
          ? List.of()
          : List.of(
              "Sizes: databases that the account may not connect to cannot be measured (now: "
                  + unreadable
                  + "). Grant pg_read_all_stats.");
    }
  }
}
