package io.cadastre.localservers.containers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A database server of some version in a container. Each image is started once per JVM; all end
 * with it.
 *
 * @param image with its version
 */
public record ContainerServer(String image) {
  private static final String PASSWORD = "a password for tests";
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Map<String, GenericContainer<?>> RUNNING = new ConcurrentHashMap<>();

  /** The versions that Cadastre is checked on, beside the ones that run without Docker. */
  public static final List<ContainerServer> ALL =
      List.of(
          new ContainerServer("mysql:8.4"),
          new ContainerServer("mysql:9.4"),
          new ContainerServer("mariadb:11.8"),
          new ContainerServer("postgres:13"),
          new ContainerServer("postgres:14"),
          new ContainerServer("postgres:15"),
          new ContainerServer("postgres:16"),
          new ContainerServer("postgres:17"),
          new ContainerServer("postgres:18"));

  /** Whether there is a Docker daemon to run them. */
  public static boolean dockerAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /** PostgreSQL, rather than MySQL or MariaDB. */
  public boolean isPostgresql() {
    return image.startsWith("postgres:");
  }

  /** Where it is reached from this machine. */
  public String host() {
    return container().getHost();
  }

  /** The port there. */
  public int port() {
    return container().getMappedPort(innerPort());
  }

  /** The user that may do everything. */
  public String username() {
    return isPostgresql() ? "postgres" : "root";
  }

  /** That user's password. */
  public String password() {
    return PASSWORD;
  }

  private int innerPort() {
    return isPostgresql() ? 5432 : 3306;
  }

  private GenericContainer<?> container() {
    return RUNNING.computeIfAbsent(image, _ -> start());
  }

  /** It ends with the JVM: Testcontainers sees to that. */
  @SuppressWarnings("resource")
  private GenericContainer<?> start() {
    var container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withExposedPorts(innerPort())
            .withEnv("POSTGRES_PASSWORD", PASSWORD)
            .withEnv("MYSQL_ROOT_PASSWORD", PASSWORD)
            .withEnv("MYSQL_ROOT_HOST", "%")
            .withEnv("MARIADB_ROOT_PASSWORD", PASSWORD)
            .withStartupTimeout(START_LIMIT);
    container.start();
    awaitAnswer(container);
    return container;
  }

  /** While it is being set up it listens to itself only, whatever the port on this side says. */
  private void awaitAnswer(GenericContainer<?> container) {
    String address = container.getHost() + ":" + container.getMappedPort(innerPort());
    String url =
        isPostgresql()
            ? "jdbc:postgresql://" + address + "/postgres"
            : "jdbc:mariadb://" + address + "/?allowPublicKeyRetrieval=true";
    Instant end = Instant.now().plus(START_LIMIT);
    while (true) {
      try (Connection connection = DriverManager.getConnection(url, username(), PASSWORD)) {
        connection.getMetaData();
        return;
      } catch (SQLException e) {
        if (Instant.now().isAfter(end)) {
          throw new IllegalStateException(image + " does not answer at " + address, e);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  @Override
  public String toString() {
    return image;
  }
}
