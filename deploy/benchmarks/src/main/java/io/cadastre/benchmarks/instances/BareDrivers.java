package io.cadastre.benchmarks.instances;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.InstanceConnection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** The drivers alone: connect, list the databases with one statement, close. */
final class BareDrivers {

  private static final String MYSQL =
      "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME"
          + " FROM information_schema.SCHEMATA";
  private static final String POSTGRESQL =
      "SELECT datname, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate"
          + " FROM pg_database";

  private final Function<Engine, String> passwords;

  BareDrivers(Function<Engine, String> passwords) {
    this.passwords = passwords;
  }

  void oneAfterAnother(List<InstanceConnection> instances) throws SQLException {
    for (InstanceConnection instance : instances) {
      list(instance);
    }
  }

  void atOnce(List<InstanceConnection> instances, int concurrency)
      throws ExecutionException, InterruptedException {
    Semaphore slots = new Semaphore(concurrency);
    List<Future<Integer>> lists = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (InstanceConnection instance : instances) {
        slots.acquire();
        lists.add(
            threads.submit(() -> {
              try {
                return list(instance);
              } finally {
                slots.release();
              }
            }));
      }
      for (Future<Integer> list : lists) {
        list.get();
      }
    }
  }

  private int list(InstanceConnection instance) throws SQLException {
    String where = instance.host() + ":" + instance.port();
    String password = passwords.apply(instance.engine());
    return switch (instance.engine()) {
      case MYSQL -> list("jdbc:mariadb://" + where + "/", instance.username(), password, MYSQL);
      case POSTGRESQL ->
          list(
              "jdbc:postgresql://" + where + "/postgres",
              instance.username(),
              password,
              POSTGRESQL);
    };
  }

  private static int list(String url, String user, String password, String sql)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int databases = 0;
      while (rows.next()) {
        databases++;
      }
      if (databases < 30) {
        throw new SQLException(url + " lists " + databases + " databases");
      }
      return databases;
    }
  }
}
