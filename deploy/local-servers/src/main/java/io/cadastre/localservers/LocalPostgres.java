package io.cadastre.localservers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** A PostgreSQL 18 server on this machine. */
public final class LocalPostgres implements AutoCloseable {
  private static final String SUPERUSER = "postgres";

  private final ChildServer server;
  private final String password;
  private final AtomicInteger databases = new AtomicInteger();

  private LocalPostgres(ChildServer server, String password) {
    this.server = server;
    this.password = password;
  }

  /** The one that all tests of this JVM use; it ends with the JVM. */
  public static LocalPostgres shared() {
    return Shared.SERVER;
  }

  /** Starts one; it answers when this returns. */
  public static LocalPostgres start(ServerSettings settings) {
    var kind = new Kind(settings);
    var server = ChildServer.start(kind, settings);
    return new LocalPostgres(server, kind.password());
  }

  /** The loopback address it listens on. */
  public String host() {
    return "127.0.0.1";
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** The user that may do everything. */
  public String superuser() {
    return SUPERUSER;
  }

  /** The superuser's password. */
  public String password() {
    return password;
  }

  /** Where JDBC finds a database of this server. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
  }

  /** Creates an empty database and returns its name. */
  public String createDatabase() {
    String name = "test_" + databases.incrementAndGet() + "_" + Long.toHexString(System.nanoTime());
    try (var connection = DriverManager.getConnection(jdbcUrl("postgres"), SUPERUSER, password);
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("database not created: " + name, e);
    }
    return name;
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
    static final LocalPostgres SERVER = start(ServerSettings.temporary());
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
      return "PostgreSQL";
    }

    @Override
    public String program() {
      return "postgres";
    }

    @Override
    public String readyWords() {
      return "database system is ready to accept connections";
    }

    @Override
    public String stopSignal() {
      return "INT";
    }

    @Override
    public void create(Path data, ServerHome home) throws IOException {
      Path passwordFile = home.directory().resolve("password.init");
      ServerHome.writePrivately(passwordFile, home.password());
      Unprivileged.own(data);
      Unprivileged.own(passwordFile);
      var command =
          new ArrayList<>(
              List.of(
                  binary("initdb").toString(),
                  "--pgdata=" + data,
                  "--username=" + SUPERUSER,
                  "--pwfile=" + passwordFile,
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--locale-provider=builtin",
                  "--builtin-locale=C.UTF-8",
                  "--locale=C",
                  "--no-instructions"));
      if (!settings.kept()) {
        command.add("--no-sync");
      }
      Creation.run(name(), Unprivileged.command(command), home);
      Files.delete(passwordFile);
    }

    @Override
    public List<String> command(Path data, ServerHome home, int port) throws IOException {
      password = home.password();
      var command = new ArrayList<>(List.of(binary("postgres").toString(), "-D", data.toString()));
      option(command, "listen_addresses", "127.0.0.1");
      option(command, "port", Integer.toString(port));
      option(command, "unix_socket_directories", "");
      option(command, "max_connections", "200");
      option(command, "shared_buffers", "64MB");
      option(command, "huge_pages", "off");
      option(command, "timezone", "UTC");
      option(command, "log_timezone", "UTC");
      if (!settings.kept()) {
        option(command, "fsync", "off");
        option(command, "synchronous_commit", "off");
        option(command, "full_page_writes", "off");
      }
      settings.options().forEach((key, value) -> option(command, key, value));
      return Unprivileged.command(command);
    }

    private static void option(List<String> command, String key, String value) {
      command.add("-c");
      command.add(key + "=" + value);
    }

    private static Path binary(String program) throws IOException {
      return Binaries.ofThisUser()
          .archive("PostgreSQL", archive(), Kind::unxz)
          .resolve("bin")
          .resolve(program);
    }

    private static InputStream unxz(InputStream compressed) throws IOException {
      return new XZCompressorInputStream(compressed);
    }

    /** As the publisher of the binaries names them. */
    private static String archive() {
      boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
      boolean arm = System.getProperty("os.arch").equals("aarch64");
      return "postgres-%s-%s.txz".formatted(mac ? "darwin" : "linux", arm ? "arm_64" : "x86_64");
    }
  }
}
