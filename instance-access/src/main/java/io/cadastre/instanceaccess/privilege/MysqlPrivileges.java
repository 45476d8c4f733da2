package io.cadastre.instanceaccess.privilege;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The global privileges of the account, those of its active roles included, on MySQL or MariaDB.
 *
 * @param global upper case, for example {@code SHOW DATABASES}
 * @param partlyRevoked whether some are taken back for single databases (MySQL's partial revokes)
 */
public record MysqlPrivileges(Set<String> global, boolean partlyRevoked) {

  /** No quote before {@code ON}: a database may be named like the end of a global grant. */
  private static final Pattern GLOBAL_GRANT =
      Pattern.compile("^GRANT ([A-Z_, ]+) ON \\*\\.\\* TO ", Pattern.CASE_INSENSITIVE);

  /** Each of them is a privilege on every database, and so shows every database. */
  private static final Set<String> SHOW_EVERY_DATABASE =
      Set.of(
          "ALL PRIVILEGES",
          "SHOW DATABASES",
          "SELECT",
          "INSERT",
          "UPDATE",
          "DELETE",
          "CREATE",
          "DROP",
          "REFERENCES",
          "INDEX",
          "ALTER",
          "CREATE TEMPORARY TABLES",
          "LOCK TABLES",
          "EXECUTE",
          "CREATE VIEW",
          "SHOW VIEW",
          "CREATE ROUTINE",
          "ALTER ROUTINE",
          "EVENT",
          "TRIGGER");

  public MysqlPrivileges {
    global = Set.copyOf(global);
  }

  /** As the server tells them to the account itself. */
  public static MysqlPrivileges of(Connection connection) throws SQLException {
    List<String> grants = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW GRANTS")) {
      while (rows.next()) {
        grants.add(String.valueOf(rows.getString(1)));
      }
    }
    return parse(grants);
  }

  /** From the lines of {@code SHOW GRANTS}, which may hold password hashes: keep them nowhere. */
  static MysqlPrivileges parse(List<String> grants) {
    Set<String> global = new HashSet<>();
    boolean partlyRevoked = false;
    for (String grant : grants) {
      partlyRevoked |= grant.regionMatches(true, 0, "REVOKE ", 0, 7);
      Matcher matcher = GLOBAL_GRANT.matcher(grant);
      if (matcher.find()) {
        for (String privilege : matcher.group(1).split(",", -1)) {
          global.add(privilege.strip().toUpperCase(Locale.ROOT));
        }
      }
    }
    return new MysqlPrivileges(global, partlyRevoked);
  }

  /** Whether the account is proven to see every database. */
  public boolean seesEveryDatabase() {
    return !partlyRevoked && global.stream().anyMatch(SHOW_EVERY_DATABASE::contains);
  }

  /** Whether it holds one of these globally. */
  public boolean hasAnyOf(String... privileges) {
    return global.contains("ALL PRIVILEGES")
        || Set.of(privileges).stream().anyMatch(global::contains);
  }
}
