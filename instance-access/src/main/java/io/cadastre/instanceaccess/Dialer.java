package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.FailureCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Turns a host into connected sockets: looked up once, every address checked. */
final class Dialer {

  /** A name with more addresses than this is no database instance. */
  private static final int MAX_ADDRESSES = 16;

  private final HostResolver resolver;
  private final ExecutorService resolverThreads;
  private final AddressPolicy policy;
  private final Duration timeout;

  /**
   * @param resolverThreads platform threads, few: the system's resolver blocks the thread it runs
   *     on
   */
  Dialer(
      HostResolver resolver,
      ExecutorService resolverThreads,
      AddressPolicy policy,
      Duration timeout) {
    this.resolver = resolver;
    this.resolverThreads = resolverThreads;
    this.policy = policy;
    this.timeout = timeout;
  }

  /**
   * The checked addresses of a host. One forbidden address among them forbids the host: a name that
   * points inside and outside at once is a trick or a mistake.
   */
  List<InetSocketAddress> lookUp(String host, int port) throws InstanceAccessException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (InetAddress address : resolve(host)) {
      Optional<String> denial = policy.denial(address);
      if (denial.isPresent()) {
        throw InstanceAccessException.of(
            FailureCode.ADDRESS_DENIED,
            "connecting to " + host + " is not allowed: " + denial.get(),
            false);
      }
      addresses.add(new InetSocketAddress(address, port));
    }
    return addresses;
  }

  private InetAddress[] resolve(String host) throws InstanceAccessException {
    if (host.isBlank()) {
      // The JDK takes it for the local machine.
      throw unknown(host);
    }
    Future<InetAddress[]> lookUp = resolverThreads.submit(() -> resolver.resolve(host));
    try {
      InetAddress[] found = lookUp.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (found.length == 0 || found.length > MAX_ADDRESSES) {
        throw unknown(host);
      }
      return found;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException) {
        throw unknown(host);
      }
      throw new IllegalStateException("looking up " + host, e.getCause());
    } catch (TimeoutException e) {
      throw InstanceAccessException.of(
          FailureCode.TIMEOUT,
          "looking up %s took longer than %d ms".formatted(host, timeout.toMillis()),
          true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw InstanceAccessException.of(
          FailureCode.CONNECTION_LOST, "the worker stopped while looking up " + host, true);
    } finally {
      lookUp.cancel(true);
    }
  }

  private static InstanceAccessException unknown(String host) {
    return InstanceAccessException.of(
        FailureCode.UNKNOWN_HOST, "no address is known for host \"" + host + "\"", true);
  }

  /** Connects to the first of the addresses that answers, all of them within the timeout. */
  Socket connect(List<InetSocketAddress> addresses) throws InstanceAccessException {
    long end = System.nanoTime() + timeout.toNanos();
    InstanceAccessException last = null;
    for (int i = 0; i < addresses.size(); i++) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      int share = (int) Math.max(1, left / (addresses.size() - i));
      try {
        return connect(addresses.get(i), share);
      } catch (InstanceAccessException e) {
        last = e;
      }
    }
    if (last == null) {
      throw new IllegalArgumentException("no address to connect to");
    }
    throw last;
  }

  private static Socket connect(InetSocketAddress address, int timeoutMillis)
      throws InstanceAccessException {
    String where = text(address);
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.connect(address, timeoutMillis);
      return socket;
    } catch (IOException e) {
      close(socket);
      throw switch (e) {
        case SocketTimeoutException _ ->
            InstanceAccessException.of(
                FailureCode.TIMEOUT,
                "%s did not accept a connection within %d ms".formatted(where, timeoutMillis),
                true);
        case ConnectException _ ->
            InstanceAccessException.of(
                FailureCode.CONNECTION_REFUSED, where + " refuses connections", true);
        default ->
            InstanceAccessException.of(
                FailureCode.CONNECTION_REFUSED,
                "%s cannot be reached: %s".formatted(where, e.getMessage()),
                true);
      };
    }
  }

  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way, and whoever closes it has a failure to report or nothing to lose.
      return;
    }
  }
}
