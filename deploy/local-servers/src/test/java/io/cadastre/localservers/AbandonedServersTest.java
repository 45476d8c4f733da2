package io.cadastre.localservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbandonedServersTest {
  @TempDir private Path directory;

  @Test
  void serversOfALauncherThatEndsEndToo() throws Exception {
    var launcher = Launcher.launch(directory.resolve("pg").toString());
    var servers = launcher.servers();
    assertThat(servers).hasSize(1).allMatch(ProcessHandle::isAlive);
    launcher.end();
    awaitEnd(servers);
  }

  @Test
  void aTemporaryServerOfAKilledLauncherEndsAndItsDirectoryGoes() throws Exception {
    var launcher = Launcher.launch("temporary");
    var servers = launcher.servers();
    Path data = Path.of(servers.getFirst().info().arguments().orElseThrow()[1]);
    assertThat(data).isDirectory();
    launcher.kill();
    awaitEnd(servers);
    await().atMost(Duration.ofSeconds(30)).until(() -> !Files.exists(data.getParent()));
  }

  @Test
  void aStartStopsWhatAKilledLauncherLeftOnItsDataAndNobodyElses() throws Exception {
    var pg = directory.resolve("pg");
    var mariaDb = directory.resolve("mariadb");
    var kafka = directory.resolve("kafka");
    var launcher = Launcher.launch(pg.toString(), mariaDb.toString(), kafka.toString());
    var leftovers = launcher.servers();
    assertThat(leftovers).hasSize(3);
    launcher.guardians().forEach(ProcessHandle::destroyForcibly);
    launcher.kill();
    assertThat(leftovers).allMatch(ProcessHandle::isAlive);
    var nobodysBusiness = LocalPostgres.shared();

    try (var postgresServer = LocalPostgres.start(ServerSettings.keptIn(pg));
        var mariaDbServer = LocalMariaDb.start(ServerSettings.keptIn(mariaDb));
        var _ = LocalKafka.startInside(ServerSettings.keptIn(kafka))) {
      assertThat(leftovers).noneMatch(ProcessHandle::isAlive);
      answers(postgresServer.jdbcUrl("postgres"), "postgres", postgresServer.password());
      answers(mariaDbServer.jdbcUrl(""), "root", mariaDbServer.password());
    }
    answers(nobodysBusiness.jdbcUrl("postgres"), "postgres", nobodysBusiness.password());
  }

  private static void answers(String url, String user, String password) throws Exception {
    try (var connection = DriverManager.getConnection(url, user, password)) {
      assertThat(connection.isValid(10)).isTrue();
    }
  }

  private static void awaitEnd(List<ProcessHandle> servers) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(servers).noneMatch(ProcessHandle::isAlive));
  }
}
