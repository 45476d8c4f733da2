package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.SealedSecret;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.secrets.SecretOpener;
import io.cadastre.secrets.SecretUnreadableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to registered instances; blocks, so call it on a virtual thread. Safe for any
 * number of threads.
 */
public final class InstanceAccess implements AutoCloseable {

  /** Enough that a few names whose servers do not answer delay nobody else's. */
  private static final int RESOLVER_THREADS = 32;

  /** No such database, or none this account may connect to: another one will do. */
  private static final Set<String> TRY_NEXT_DATABASE = Set.of("3D000", "42501");

  private final AccessSettings settings;
  private final SecretOpener secrets;
  private final ExecutorService resolverThreads;
  private final ScheduledThreadPoolExecutor timer;
  private final Dialer dialer;
  private final EngineLogin mysql = new MysqlLogin();
  private final EngineLogin postgresql = new PostgresqlLogin();

  /** For the workers, which hold the private keys. */
  public InstanceAccess(AccessSettings settings, SecretOpener secrets) {
    this(settings, secrets, InetAddress::getAllByName);
  }

  InstanceAccess(AccessSettings settings, SecretOpener secrets, HostResolver resolver) {
    this.settings = settings;
    this.secrets = secrets;
    this.resolverThreads =
        Executors.newFixedThreadPool(
            RESOLVER_THREADS, Thread.ofPlatform().daemon().name("resolver-", 0).factory());
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("instance-deadlines").factory());
    timer.setRemoveOnCancelPolicy(true);
    this.dialer =
        new Dialer(resolver, resolverThreads, settings.policy(), settings.connectTimeout());
  }

  /**
   * Connects, logs in and sees who is there.
   *
   * @throws InstanceAccessException saying why it is not possible
   */
  public InstanceSession open(InstanceConnection instance) throws InstanceAccessException {
    String password = reveal(instance);
    Failures failures = new Failures(instance, new Scrubber(password));
    List<InetSocketAddress> addresses = dialer.lookUp(instance.host(), instance.port());
    EngineLogin login =
        switch (instance.engine()) {
          case MYSQL -> mysql;
          case POSTGRESQL -> postgresql;
        };
    Iterator<String> databases = login.databases().iterator();
    while (true) {
      String database = databases.next();
      TlsUpgrade tls = TlsUpgrade.forMode(instance);
      long start = System.nanoTime();
      Socket socket = dialer.connect(addresses);
      Deadline deadline = new Deadline(timer, socket, settings.loginTimeout());
      boolean open = false;
      try (deadline) {
        InetSocketAddress reached = (InetSocketAddress) socket.getRemoteSocketAddress();
        EngineLogin.Request request =
            new EngineLogin.Request(instance, password, reached, database, settings.loginTimeout());
        InstanceSession session = logIn(login, request, socket, tls, start, failures);
        open = true;
        return session;
      } catch (Exception e) {
        if (e instanceof SQLException sql
            && TRY_NEXT_DATABASE.contains(String.valueOf(sql.getSQLState()))
            && databases.hasNext()) {
          continue;
        }
        throw failed(e, failures, tls, deadline);
      } finally {
        if (!open) {
          Dialer.close(socket);
        }
      }
    }
  }

  private InstanceSession logIn(
      EngineLogin login,
      EngineLogin.Request request,
      Socket socket,
      @Nullable TlsUpgrade tls,
      long start,
      Failures failures)
      throws Exception {
    socket.setSoTimeout(Math.toIntExact(settings.loginTimeout().toMillis()));
    Connection connection = new Handover(socket, tls).during(() -> login.logIn(request));
    ServerInfo server = login.greet(connection, settings.readTimeout());
    Duration openedIn = Duration.ofNanos(System.nanoTime() - start);
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(readTimeout().toMillis()));
    return new InstanceSession(
        request.instance().engine(),
        connection,
        socket,
        server,
        openedIn,
        settings,
        timer,
        failures);
  }

  /** A little more than the server has, so that its own words arrive where it gives up. */
  private Duration readTimeout() {
    return settings.readTimeout().plusSeconds(1);
  }

  private InstanceAccessException failed(
      Exception e, Failures failures, @Nullable TlsUpgrade tls, Deadline deadline) {
    return switch (e) {
      case EngineLogin.UnsupportedServerException unsupported ->
          new InstanceAccessException(failures.unsupported(unsupported));
      case SQLException _, RuntimeException _ ->
          new InstanceAccessException(
              failures.whileConnecting(e, tls, deadline.passed(), settings.loginTimeout()));
      default -> throw new IllegalStateException(e);
    };
  }

  private @Nullable String reveal(InstanceConnection instance) throws InstanceAccessException {
    SealedSecret sealed = instance.password();
    if (sealed == null) {
      return null;
    }
    try {
      byte[] secret = secrets.open(sealed, InstanceConnection.secretContext(instance.instanceId()));
      try {
        // The drivers take nothing but a string.
        return new String(secret, StandardCharsets.UTF_8);
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    } catch (SecretUnreadableException e) {
      throw InstanceAccessException.of(
          FailureCode.SECRET_UNREADABLE, String.valueOf(e.getMessage()), false);
    }
  }

  /** Ends its threads; sessions still open are no longer bounded in time. */
  @Override
  public void close() {
    resolverThreads.shutdownNow();
    timer.shutdownNow();
  }
}
