package io.cadastre.kv.connection;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, and closes those that are too many. */
public final class OpenConnections {

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final Seldom log =
      new Seldom(System.getLogger(OpenConnections.class.getName()), System::nanoTime);

  public OpenConnections(int most) {
    this.most = most;
  }

  /** Takes up a new connection; says whether it may stay. */
  public boolean admit(Channel connection) {
    int count = open.incrementAndGet();
    var _ = connection.closeFuture().addListener(_ -> open.decrementAndGet());
    if (count <= most) {
      return true;
    }
    log.tell("connections: " + count + " (allowed: " + most + "); a new one was closed");
    var _ = connection.close();
    return false;
  }
}
