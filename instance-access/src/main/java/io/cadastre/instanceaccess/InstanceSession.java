package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.ServerInfo;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** An open connection to an instance, for one thread. */
public final class InstanceSession implements AutoCloseable {

  /** A farewell that takes longer is cut off. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private static final int VALIDATION_SECONDS = 5;

  private final Engine engine;
  private final Connection connection;
  private final Socket socket;
  private final ServerInfo server;
  private final Duration openedIn;
  private final AccessSettings settings;
  private final ScheduledExecutorService timer;
  private final Failures failures;
  private final Deadline deadline;

  InstanceSession(
      Engine engine,
      Connection connection,
      Socket socket,
      ServerInfo server,
      Duration openedIn,
      AccessSettings settings,
      ScheduledExecutorService timer,
      Failures failures) {
    this.engine = engine;
    this.connection = connection;
    this.socket = socket;
    this.server = server;
    this.openedIn = openedIn;
    this.settings = settings;
    this.timer = timer;
    this.failures = failures;
    this.deadline = new Deadline(timer, socket, settings.sessionTimeout());
  }

  /** Work on the connection. */
  @FunctionalInterface
  public interface Work<T> {

    T on(Connection connection) throws SQLException;
  }

  /** Does {@code work} and names what goes wrong in it. */
  public <T> T run(Work<T> work) throws InstanceAccessException {
    try {
      return work.on(connection);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** What {@code e}, thrown by this connection, means. */
  public InstanceAccessException failed(SQLException e) {
    return new InstanceAccessException(
        failures.atWork(e, deadline.passed(), settings.sessionTimeout(), settings.readTimeout()));
  }

  /** Whether more can be asked, as after a statement failed and the connection did not. */
  public boolean isAlive() {
    try {
      return !deadline.passed() && connection.isValid(VALIDATION_SECONDS);
    } catch (SQLException e) {
      return false;
    }
  }

  public Engine engine() {
    return engine;
  }

  /** What the server says it is; new enough. */
  public ServerInfo server() {
    return server;
  }

  /** From opening the socket until the session was ready for work. */
  public Duration openedIn() {
    return openedIn;
  }

  @Override
  public void close() {
    try (deadline;
        Deadline _ = new Deadline(timer, socket, FAREWELL)) {
      connection.close();
    } catch (SQLException e) {
      // The server hangs up by itself, and the work is done or has told why not.
      return;
    } finally {
      Dialer.close(socket);
    }
  }
}
