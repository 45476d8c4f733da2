package io.cadastre.localservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {
  @TempDir private Path directory;

  @Test
  void theSharedServerIsPostgres18AndOneForAll() throws SQLException {
    var server = LocalPostgres.shared();
    assertThat(LocalPostgres.shared()).isSameAs(server);
    assertThat(query(server, "postgres", "SHOW server_version")).startsWith("18.");
  }

  @Test
  void createdDatabasesAreEmptyAndTheirNamesAreFresh() throws SQLException {
    var server = LocalPostgres.shared();
    String one = server.createDatabase();
    String other = server.createDatabase();
    assertThat(one).isNotEqualTo(other);
    execute(server, one, "CREATE TABLE here (id int)");
    assertThat(query(server, other, "SELECT count(*) FROM pg_tables WHERE tablename = 'here'"))
        .isEqualTo("0");
  }

  @Test
  void whatWasWrittenIsThereAfterAStopAndAfterAKillAndIsSyncedToDisk() throws SQLException {
    var settings = ServerSettings.keptIn(directory.resolve("kept"));
    try (var server = LocalPostgres.start(settings)) {
      assertThat(query(server, "postgres", "SHOW fsync")).isEqualTo("on");
      execute(server, "postgres", "CREATE TABLE written (id int)");
    }
    try (var server = LocalPostgres.start(settings)) {
      execute(server, "postgres", "INSERT INTO written VALUES (1)");
      int port = server.port();
      server.kill();
      assertThatThrownBy(() -> query(server, "postgres", "SELECT 1"))
          .isInstanceOf(SQLException.class);
      server.restart();
      assertThat(server.port()).isEqualTo(port);
      assertThat(query(server, "postgres", "SELECT count(*) FROM written")).isEqualTo("1");
    }
  }

  @Test
  void aDirectoryInUseIsRefused() {
    var settings = ServerSettings.keptIn(directory.resolve("used"));
    try (var _ = LocalPostgres.start(settings)) {
      assertThatThrownBy(() -> LocalPostgres.start(settings))
          .hasMessageContaining(directory.resolve("used").toString())
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aTakenPortIsLeftToItsOwner() throws Exception {
    try (var owner = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        var server =
            LocalPostgres.start(ServerSettings.temporary().withPort(owner.getLocalPort()))) {
      assertThat(server.port()).isNotEqualTo(owner.getLocalPort());
      assertThat(query(server, "postgres", "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aSettingOfTheServersOwnIsPassedOn() throws SQLException {
    var settings = ServerSettings.temporary().withOption("max_connections", "17");
    try (var server = LocalPostgres.start(settings)) {
      assertThat(query(server, "postgres", "SHOW max_connections")).isEqualTo("17");
    }
  }

  @Test
  void aServerThatCannotStartSaysWhy() {
    var settings = ServerSettings.temporary().withOption("no_such_setting", "1");
    assertThatThrownBy(() -> LocalPostgres.start(settings)).hasMessageContaining("no_such_setting");
  }

  private static String query(LocalPostgres server, String database, String sql)
      throws SQLException {
    try (var connection = connect(server, database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void execute(LocalPostgres server, String database, String sql)
      throws SQLException {
    try (var connection = connect(server, database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(LocalPostgres server, String database) throws SQLException {
    return DriverManager.getConnection(
        server.jdbcUrl(database), server.superuser(), server.password());
  }
}
