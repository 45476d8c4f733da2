package io.cadastre.localservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalMariaDbTest {
  @TempDir private Path directory;

  @Test
  void theSharedServerIsMariaDb114AndItsRootMayDoEverything() throws SQLException {
    var server = LocalMariaDb.shared();
    assertThat(LocalMariaDb.shared()).isSameAs(server);
    assertThat(query(server, "SELECT version()")).startsWith("11.4.");
    assertThat(query(server, "SHOW GRANTS")).contains("ALL PRIVILEGES ON *.*", "GRANT OPTION");
  }

  @Test
  void theOnlyAccountHasAPassword() {
    var server = LocalMariaDb.shared();
    assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(""), "root", ""))
        .isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(""), "", ""))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void whatWasWrittenIsThereAfterAStopAndAfterAKill() throws SQLException {
    var settings = ServerSettings.keptIn(directory.resolve("kept"));
    try (var server = LocalMariaDb.start(settings)) {
      execute(server, "CREATE DATABASE shop");
      execute(server, "CREATE TABLE shop.written (id int) ENGINE=InnoDB");
    }
    try (var server = LocalMariaDb.start(settings)) {
      execute(server, "INSERT INTO shop.written VALUES (1)");
      int port = server.port();
      server.kill();
      assertThatThrownBy(() -> query(server, "SELECT 1")).isInstanceOf(SQLException.class);
      server.restart();
      assertThat(server.port()).isEqualTo(port);
      assertThat(query(server, "SELECT count(*) FROM shop.written")).isEqualTo("1");
    }
  }

  private static String query(LocalMariaDb server, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(server.jdbcUrl(""), server.username(), server.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void execute(LocalMariaDb server, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(server.jdbcUrl(""), server.username(), server.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
