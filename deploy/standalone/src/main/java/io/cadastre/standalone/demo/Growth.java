package io.cadastre.standalone.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows into the growing databases of one server, so that sizes move while one looks. Each
 * table stops, or begins anew, at {@link DemoDatabase#ROWS_MAX} rows.
 */
final class Growth implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Growth.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final DemoServer server;
  private final List<DemoDatabase> growing;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  private Growth(DemoServer server) {
    this.server = server;
    this.growing = server.databases().stream().filter(DemoDatabase::grows).toList();
    this.thread = Thread.ofVirtual().name("growth-" + server.name()).unstarted(this::run);
  }

  static Growth start(DemoServer server) {
    var growth = new Growth(server);
    growth.thread.start();
    return growth;
  }

  private void run() {
    var values = new Values(System.nanoTime());
    try {
      while (!stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        for (DemoDatabase database : growing) {
          grow(database, values);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void grow(DemoDatabase database, Values values) {
    DemoTable table = database.blueprint().growing();
    try (Connection connection = server.connect(database.name())) {
      connection.setAutoCommit(false);
      if (rows(connection, table) < DemoDatabase.ROWS_MAX) {
        int rows = database.growth() * (int) PAUSE.toSeconds();
        Population.insert(connection, server.dialect(), table, rows, values);
      } else if (database.rotates()) {
        try (var statement = connection.createStatement()) {
          statement.execute("TRUNCATE TABLE " + server.dialect().quoted(table.name()));
        }
      }
      connection.commit();
    } catch (SQLException e) {
      // People may drop what they find here; the others go on growing.
      LOG.info("{} does not grow: {}", database.name(), e.getMessage());
    }
  }

  /** By the generated key, which begins anew when the table does; counting would read it all. */
  private long rows(Connection connection, DemoTable table) throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT coalesce(max(id) - min(id), 0) FROM "
                    + server.dialect().quoted(table.name()))) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      if (!thread.join(STOP_LIMIT)) {
        thread.interrupt();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
