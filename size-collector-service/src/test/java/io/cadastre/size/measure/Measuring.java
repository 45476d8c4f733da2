package io.cadastre.size.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.instanceaccess.AccessSettings;
import io.cadastre.instanceaccess.AddressPolicy;
import io.cadastre.instanceaccess.InstanceAccess;
import io.cadastre.instanceaccess.InstanceAccessException;
import io.cadastre.instanceaccess.InstanceSession;
import io.cadastre.testbed.ServerUnderTest;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Measures a server at a moment that stands still. */
final class Measuring implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");
  static final NamePatterns NOT_SYSTEM =
      new NamePatterns(
          List.of(),
          List.of(
              "mysql",
              "sys",
              "test",
              "information_schema",
              "performance_schema",
              "postgres",
              "template?"));

  private final ServerUnderTest server;
  private final InstanceAccess access =
      new InstanceAccess(
          AccessSettings.standard(new AddressPolicy(List.of(), List.of(), true)),
          ServerUnderTest.OPENER);
  private final InstanceMeasurement measurement =
      new InstanceMeasurement(access, InstantSource.fixed(NOW));

  Measuring(ServerUnderTest server) {
    this.server = server;
  }

  /** A change to the server. */
  @FunctionalInterface
  interface Change {

    void happen() throws SQLException;
  }

  /** As the measurement does it, with something happening between listing and measuring. */
  SizesCollected collectWhile(Change change) throws SQLException, InstanceAccessException {
    List<ScanEvent> events = new ArrayList<>();
    CollectSizes command = command(server.instance(), NOT_SYSTEM);
    try (InstanceSession session = access.open(command.instance())) {
      if (server.isPostgresql()) {
        PostgresqlMeasurement postgresql = new PostgresqlMeasurement(session);
        List<PostgresqlMeasurement.Target> targets = postgresql.targets(NOT_SYSTEM);
        change.happen();
        Report report = report(command, session, PostgresqlMeasurement.BASIS, 3, events);
        postgresql.measure(targets, report);
        report.finish();
      } else {
        MysqlMeasurement mysql = new MysqlMeasurement(session);
        Set<String> listed = mysql.listed();
        change.happen();
        MysqlMeasurement.Findings findings = mysql.find(listed);
        Report report = report(command, session, findings.basis(), 3, events);
        MysqlMeasurement.tell(
            MysqlMeasurement.wanted(listed, NOT_SYSTEM), mysql.listed(), findings, report);
        report.finish();
      }
    }
    return (SizesCollected) events.getFirst();
  }

  private static Report report(
      CollectSizes command,
      InstanceSession session,
      Basis basis,
      int total,
      List<ScanEvent> events) {
    return new Report(
        command, session.server(), basis, total, NOW, InstantSource.fixed(NOW), events::add);
  }

  SizesCollected collect(InstanceConnection instance, NamePatterns wanted) {
    List<SizesCollected> parts = parts(instance, wanted);
    assertThat(parts).hasSize(1);
    return parts.getFirst();
  }

  List<SizesCollected> parts(InstanceConnection instance, NamePatterns wanted) {
    List<ScanEvent> events = events(instance, wanted);
    assertThat(events).allMatch(SizesCollected.class::isInstance);
    return events.stream().map(SizesCollected.class::cast).toList();
  }

  /** Whatever it tells, also that it failed. */
  List<ScanEvent> events(InstanceConnection instance, NamePatterns wanted) {
    List<ScanEvent> events = new ArrayList<>();
    measurement.run(command(instance, wanted), events::add);
    return events;
  }

  private static CollectSizes command(InstanceConnection instance, NamePatterns wanted) {
    Scan scan = new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), NOW.plusSeconds(60));
    return new CollectSizes(instance, scan, wanted);
  }

  static DatabaseSize only(SizesCollected collected) {
    assertThat(collected.failures()).isEmpty();
    assertThat(collected.databases()).hasSize(1);
    return collected.databases().getFirst();
  }

  static Map<String, DatabaseSize> sizes(SizesCollected collected) {
    return collected.databases().stream()
        .collect(Collectors.toMap(DatabaseSize::name, Function.identity()));
  }

  static long bytes(SizesCollected collected, String database) {
    return collected.databases().stream()
        .filter(size -> size.name().equals(database))
        .findFirst()
        .orElseThrow()
        .sizeBytes();
  }

  @Override
  public void close() {
    access.close();
  }
}
