package io.cadastre.localservers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds ports on the loopback address that nobody listens on. */
public final class FreePort {
  private static final Logger LOG = LoggerFactory.getLogger(FreePort.class);

  /**
   * Below the range from which systems take ports for outgoing connections, so that a port stays
   * ours over a restart of its server.
   */
  private static final int LOWEST = 20_000;

  private static final int HIGHEST = 32_000;

  /**
   * Each is given once, from a place of each process's own: who restarts has its port meanwhile.
   */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(HIGHEST - LOWEST));

  private FreePort() {}

  /**
   * The port wanted where it is free; else says which is taken, by a warning, and finds another.
   */
  public static int choose(String server, int wanted) {
    if (wanted != 0 && isFree(wanted)) {
      return wanted;
    }
    int found = any();
    if (wanted != 0) {
      LOG.warn("{}: port {} is taken, taking {} instead", server, wanted, found);
    }
    return found;
  }

  /** Whether nobody listens on this port. */
  public static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static int any() {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), HIGHEST - LOWEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port found between " + LOWEST + " and " + HIGHEST);
  }
}
