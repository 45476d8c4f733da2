package io.cadastre.gateway.database;

import io.cadastre.messaging.Backoff;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits, for a while, until PostgreSQL lets the owner of the schema in. Services are started in any
 * order, so its absence is no mistake at first; after that while it is one, and a process that ends
 * is noticed sooner than one that waits.
 */
final class DatabaseStart {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseStart.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final DatabaseProperties properties;

  DatabaseStart(DatabaseProperties properties) {
    this.properties = properties;
  }

  /** Returns once a connection was made. */
  void await() {
    long deadline = System.nanoTime() + properties.startupPatience().toNanos();
    Backoff backoff =
        new Backoff(Backoff.standard().first(), LONGEST_PAUSE, Backoff.standard().random());
    Set<String> told = new HashSet<>();
    for (int failures = 1; ; failures++) {
      try (Connection _ =
          DriverManager.getConnection(
              properties.jdbcUrl(), MetadataDatabase.OWNER, properties.ownerPassword())) {
        return;
      } catch (SQLException e) {
        String reason = String.valueOf(e.getMessage());
        Duration pause = backoff.after(failures);
        if (System.nanoTime() + pause.toNanos() > deadline) {
          throw new DatabaseUnreachableException(
              "PostgreSQL at %s did not answer as it should within %d s: %s"
                  .formatted(properties.place(), properties.startupPatience().toSeconds(), reason),
              e);
        }
        if (told.add(reason)) {
          LOG.warn("PostgreSQL at {}: {}; trying again", properties.place(), reason);
        }
        pause(pause);
      }
    }
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for PostgreSQL", e);
    }
  }
}
