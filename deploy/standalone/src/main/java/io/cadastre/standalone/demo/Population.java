package io.cadastre.standalone.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fills a demo server's databases, once. */
final class Population {
  private static final long SEED = 20_241_121L;
  private static final int BATCH = 500;
  private static final int AT_ONCE = 3;

  private final DemoServer server;
  private final Path done;

  Population(DemoServer server, Path done) {
    this.server = server;
    this.done = done;
  }

  /** A population that was cut off begins anew. */
  void ensure() throws SQLException, IOException, InterruptedException {
    if (Files.exists(done)) {
      return;
    }
    try (Connection connection = server.connect("")) {
      for (DemoDatabase database : server.databases()) {
        String name = server.dialect().quoted(database.name());
        execute(connection, "DROP DATABASE IF EXISTS " + name);
        execute(connection, "CREATE DATABASE " + name);
      }
    }
    fillAll();
    Files.writeString(done, "");
  }

  private void fillAll() throws SQLException, InterruptedException {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      var filling = new ArrayList<Future<?>>();
      for (DemoDatabase database : server.databases()) {
        filling.add(
            threads.submit(() -> {
              fill(database);
              return null;
            }));
      }
      for (Future<?> one : filling) {
        one.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw new IllegalStateException("demo data could not be written", e.getCause());
    }
  }

  private void fill(DemoDatabase database) throws SQLException {
    if (database.blueprint().tables().isEmpty()) {
      return;
    }
    try (Connection connection = server.connect(database.name())) {
      connection.setAutoCommit(false);
      for (DemoTable table : database.blueprint().tables()) {
        execute(connection, server.dialect().createTable(table));
        long seed = SEED + (database.name() + "." + table.name()).hashCode();
        insert(
            connection, server.dialect(), table, table.rows() * database.scale(), new Values(seed));
      }
      connection.commit();
    }
  }

  static void insert(
      Connection connection, Dialect dialect, DemoTable table, int rows, Values values)
      throws SQLException {
    try (var insert = connection.prepareStatement(dialect.insert(table))) {
      for (int row = 1; row <= rows; row++) {
        values.bind(table, insert);
        insert.addBatch();
        if (row % BATCH == 0 || row == rows) {
          insert.executeBatch();
        }
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
