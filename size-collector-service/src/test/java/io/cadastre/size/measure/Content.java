package io.cadastre.size.measure;

import io.cadastre.testbed.ServerUnderTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;

/** What there is to measure on a server. */
final class Content {

  static final String PASSWORD = "t-pass-1";

  private final ServerUnderTest server;

  Content(ServerUnderTest server) {
    this.server = server;
  }

  boolean isMariaDb() throws SQLException {
    if (server.isPostgresql()) {
      return false;
    }
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT VERSION()")) {
      return row.next() && row.getString(1).contains("MariaDB");
    }
  }

  /** With {@link #PASSWORD}. */
  void createAccount(String name) throws SQLException {
    server.execute(
        server.isPostgresql()
            ? "CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'"
            : "CREATE USER '" + name + "'@'%' IDENTIFIED BY '" + PASSWORD + "'");
  }

  /** A table of so many rows of 1,000 bytes that do not compress. */
  void createTable(String database, String table, int rows) throws SQLException {
    if (server.isPostgresql()) {
      try (Connection connection =
              DriverManager.getConnection(
                  "jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), database),
                  server.admin(),
                  server.password());
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE %s AS SELECT i, repeat('x', 1000) AS filler FROM generate_series(1, %d) i"
                .formatted(table, rows));
      }
      return;
    }
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      String name = database + "." + table;
      statement.execute(
          "CREATE TABLE "
              + name
              + " (i INT AUTO_INCREMENT PRIMARY KEY, filler CHAR(250),"
              + " f2 CHAR(250), f3 CHAR(250), f4 CHAR(250)) CHARACTER SET latin1");
      String row = "('" + String.join("','", Collections.nCopies(4, "x".repeat(250))) + "')";
      for (int done = 0; done < rows; done += 500) {
        statement.execute(
            "INSERT INTO "
                + name
                + " (filler, f2, f3, f4) VALUES "
                + String.join(",", Collections.nCopies(Math.min(500, rows - done), row)));
      }
      statement.execute("ANALYZE TABLE " + name);
    }
  }
}
