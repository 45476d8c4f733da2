package io.cadastre.benchmarks.register;

import static io.cadastre.benchmarks.measuring.Rounds.seconds;

import io.cadastre.benchmarks.measuring.Rounds;
import io.cadastre.benchmarks.measuring.Table;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.postgresql.PGConnection;

/** The gateway takes in SizesCollected, against a plain COPY of the same rows. */
public final class ManySizes {

  private static final int INSTANCES = Integer.getInteger("cadastre.instances", 50);
  private static final int DATABASES = Integer.getInteger("cadastre.databases", 4_000);
  private static final int ROUNDS = Integer.getInteger("cadastre.rounds", 5);
  private static final int ROWS = INSTANCES * DATABASES;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String COPY = "one COPY";
  private static final String GATEWAY = "meta-gateway";

  private final Register register;
  private final SizeWorker worker;
  private final List<Long> instances = new ArrayList<>();

  private ManySizes(Register register, SizeWorker worker) {
    this.register = register;
    this.worker = worker;
  }

  /** Prints the table. */
  public static void run() throws Exception {
    try (Register register = new Register();
        SizeWorker worker = new SizeWorker(register.bootstrapServers(), DATABASES)) {
      ManySizes benchmark = new ManySizes(register, worker);
      benchmark.registerInstances();
      print(
          new Rounds()
              .leg(COPY, benchmark::copy)
              .leg(GATEWAY, benchmark::gateway)
              .warmUp(3)
              .run(ROUNDS));
    }
  }

  private void registerInstances() throws Exception {
    for (int i = 1; i <= INSTANCES; i++) {
      instances.add(
          register
              .api()
              .post(
                  "/api/v1/instances",
                  Map.of(
                      "name",
                      "instance-" + i,
                      "engine",
                      "mysql",
                      "host",
                      "127.0.0." + i,
                      "port",
                      3306,
                      "username",
                      "u",
                      "password",
                      "p"))
              .path("id")
              .asLong());
    }
  }

  /** From the first event sent to the last applied. */
  private Duration gateway() throws Exception {
    for (long instance : instances) {
      register.api().post("/api/v1/instances/" + instance + "/sync-database-sizes", Map.of());
    }
    Instant collectedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
    List<ProducerRecord<byte[], byte[]>> events = worker.answersToCommands(INSTANCES, collectedAt);
    try (Connection metadata = register.connect();
        PreparedStatement applied =
            metadata.prepareStatement(
                "SELECT count(*) FROM latest_size_scan WHERE collected_at = ?")) {
      applied.setTimestamp(1, Timestamp.from(collectedAt));
      long start = System.nanoTime();
      worker.send(events);
      while (count(applied) < INSTANCES) {
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new TimeoutException("applied: " + count(applied) + " of " + INSTANCES);
        }
      }
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      empty(metadata);
      return taken;
    }
  }

  private static long count(PreparedStatement query) throws SQLException {
    try (ResultSet result = query.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }

  private Duration copy() throws Exception {
    StringBuilder rows = new StringBuilder();
    Instant collectedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
    for (long instance : instances) {
      for (int database = 0; database < DATABASES; database++) {
        rows.append(instance).append('\t').append(SizeWorker.name(database)).append('\t');
        rows.append(collectedAt).append("\t00000000-0000-0000-0000-000000000001\t");
        rows.append("30000\t10000\t10000\t10000\tfalse\tallocated_tablespaces\n");
      }
    }
    try (Connection metadata = register.connect()) {
      long start = System.nanoTime();
      metadata
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY database_size_stats FROM STDIN", new StringReader(rows.toString()));
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      empty(metadata);
      return taken;
    }
  }

  /** So that every leg writes into an empty table. */
  private static void empty(Connection metadata) throws SQLException {
    try (Statement statement = metadata.createStatement()) {
      try (ResultSet count = statement.executeQuery("SELECT count(*) FROM database_size_stats")) {
        count.next();
        if (count.getInt(1) != ROWS) {
          throw new SQLException("rows: " + count.getInt(1) + " (expected: " + ROWS + ")");
        }
      }
      statement.execute("TRUNCATE database_size_stats");
    }
  }

  private static void print(Rounds rounds) {
    Table table = new Table(ROWS + " samples", "median", "all rounds", "rows per second", "aim");
    for (String leg : List.of(COPY, GATEWAY)) {
      table.row(
          leg,
          seconds(rounds.median(leg)),
          rounds.times(leg),
          "%.0f".formatted(ROWS / (rounds.median(leg).toNanos() / 1e9)),
          "");
    }
    table.row(
        "", "", "", "%.2f of COPY".formatted(1 / rounds.ratio(GATEWAY, COPY)), "at least a third");
    table.print(
        "%d instances with %d databases each, sent as SizesCollected over Kafka"
            .formatted(INSTANCES, DATABASES));
  }
}
