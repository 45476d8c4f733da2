package io.cadastre.instanceaccess;

import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Cuts a connection when its time is up. Read timeouts alone do not bound the whole: a server that
 * sends a byte now and then keeps every one of them.
 */
final class Deadline implements AutoCloseable {

  private final ScheduledFuture<?> cut;
  private volatile boolean passed;

  Deadline(ScheduledExecutorService timer, Socket socket, Duration limit) {
    this.cut =
        timer.schedule(
            () -> {
              passed = true;
              Dialer.close(socket);
            },
            limit.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /** Whether the connection was cut. */
  boolean passed() {
    return passed;
  }

  @Override
  public void close() {
    cut.cancel(false);
  }
}
