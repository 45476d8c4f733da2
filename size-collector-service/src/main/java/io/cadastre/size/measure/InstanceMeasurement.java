package io.cadastre.size.measure;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.SizeCollectionFailed;
import io.cadastre.instanceaccess.InstanceAccess;
import io.cadastre.instanceaccess.InstanceAccessException;
import io.cadastre.instanceaccess.InstanceSession;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Measures the wanted databases of an instance, or says why it cannot. */
public final class InstanceMeasurement {

  private final InstanceAccess access;
  private final InstantSource clock;

  public InstanceMeasurement(InstanceAccess access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  /** Hands every part of the outcome to {@code out} as soon as it is full. */
  public void run(CollectSizes command, Consumer<? super ScanEvent> out) {
    Instant startedAt = clock.instant();
    try (InstanceSession session = access.open(command.instance())) {
      switch (session.engine()) {
        case MYSQL -> measureMysql(command, session, startedAt, out);
        case POSTGRESQL -> measurePostgresql(command, session, startedAt, out);
      }
    } catch (InstanceAccessException e) {
      out.accept(failed(command, e.failure(), startedAt));
    }
  }

  private void measureMysql(
      CollectSizes command,
      InstanceSession session,
      Instant startedAt,
      Consumer<? super ScanEvent> out)
      throws InstanceAccessException {
    MysqlMeasurement measurement = new MysqlMeasurement(session);
    Set<String> listed = measurement.listed();
    List<String> wanted = MysqlMeasurement.wanted(listed, command.databases());
    MysqlMeasurement.Findings findings = measurement.find(listed);
    Set<String> stillListed = measurement.listed();
    Report report =
        new Report(
            command, session.server(), findings.basis(), wanted.size(), startedAt, clock, out);
    MysqlMeasurement.tell(wanted, stillListed, findings, report);
    report.finish();
  }

  private void measurePostgresql(
      CollectSizes command,
      InstanceSession session,
      Instant startedAt,
      Consumer<? super ScanEvent> out)
      throws InstanceAccessException {
    PostgresqlMeasurement measurement = new PostgresqlMeasurement(session);
    List<PostgresqlMeasurement.Target> targets = measurement.targets(command.databases());
    Report report =
        new Report(
            command,
            session.server(),
            PostgresqlMeasurement.BASIS,
            targets.size(),
            startedAt,
            clock,
            out);
    measurement.measure(targets, report);
    report.finish();
  }

  /** That there will be no outcome, or no more of it. */
  public SizeCollectionFailed failed(CollectSizes command, Failure failure, Instant startedAt) {
    InstanceConnection instance = command.instance();
    return new SizeCollectionFailed(
        instance.instanceId(),
        command.scan(),
        instance.engine(),
        failure,
        startedAt,
        clock.instant());
  }
}
