package io.cadastre.standalone;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that runs and must be stopped, in the order of {@link Rank}. Safe to close while things are
 * still starting: what arrives late is stopped at once.
 */
final class Running implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  /** From the first to stop to the last: users of a thing before the thing. */
  enum Rank {
    DEMO,
    GATEWAY,
    WORKER,
    KEY_VALUE_STORE,
    KAFKA,
    DATABASE,
    DATA
  }

  private record Part(Rank rank, String name, AutoCloseable handle) {}

  private final List<Part> parts = new ArrayList<>();
  private boolean closed;

  <T extends AutoCloseable> T add(Rank rank, String name, T handle) {
    synchronized (this) {
      if (!closed) {
        parts.add(new Part(rank, name, handle));
        return handle;
      }
    }
    stop(new Part(rank, name, handle));
    throw new CancellationException(name + " was stopped while it started");
  }

  @Override
  public void close() {
    List<Part> stopping;
    synchronized (this) {
      closed = true;
      stopping = parts.stream().sorted(Comparator.comparing(Part::rank)).toList();
      parts.clear();
    }
    stopping.forEach(Running::stop);
  }

  /** What cannot be stopped is said, and does not keep the rest running. */
  private static void stop(Part part) {
    try {
      LOG.info("stopping {}", part.name());
      part.handle().close();
    } catch (Exception e) {
      LOG.error("{} did not stop in order", part.name(), e);
    }
  }
}
