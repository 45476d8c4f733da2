package io.cadastre.size.measure;

import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.SizeMethod;
import io.cadastre.instanceaccess.InstanceAccessException;
import io.cadastre.instanceaccess.InstanceSession;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code pg_database_size} by oid. Asked for some databases at a time, since each is a walk through
 * its files; where one of them fails the statement, each of them is asked for alone, so that the
 * failure is that one's.
 */
final class PostgresqlMeasurement {

  static final Basis BASIS = new Basis(SizeMethod.PG_DATABASE_SIZE, null);

  private static final int AT_A_TIME = 25;

  /**
   * Without CONNECT or pg_read_all_stats, and for a database that is gone, the function would fail,
   * so it is not called.
   */
  private static final String SQL =
      """
      SELECT w.oid,
             d.oid IS NULL,
             m.permitted,
             CASE WHEN m.permitted THEN pg_catalog.pg_database_size(d.oid) END
      FROM pg_catalog.unnest(?::pg_catalog.oid[]) AS w(oid)
      LEFT JOIN pg_catalog.pg_database d ON d.oid = w.oid
      CROSS JOIN LATERAL (
        SELECT d.oid IS NOT NULL
               AND (pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
                    OR pg_catalog.has_database_privilege(d.oid, 'CONNECT'))) AS m(permitted)\
      """;

  private final InstanceSession session;

  PostgresqlMeasurement(InstanceSession session) {
    this.session = session;
  }

  /** A database to measure; the oid stays its own when it is renamed. */
  record Target(long oid, String name) {}

  /** Outcome for one database; no size and no lack of a privilege means it is gone. */
  private record Answer(boolean gone, boolean permitted, @Nullable Long size) {}

  List<Target> targets(NamePatterns wanted) throws InstanceAccessException {
    return session.run(connection -> {
      List<Target> targets = new ArrayList<>();
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT oid, pg_catalog.namesend(datname) FROM pg_catalog.pg_database"
                      + " ORDER BY datname")) {
        while (rows.next()) {
          // As bytes: the name may be in another encoding than that of this database.
          String name = new String(rows.getBytes(2), StandardCharsets.UTF_8);
          if (wanted.admits(name)) {
            targets.add(new Target(rows.getLong(1), name));
          }
        }
      }
      return targets;
    });
  }

  void measure(List<Target> targets, Report report) throws InstanceAccessException {
    for (int i = 0; i < targets.size(); i += AT_A_TIME) {
      List<Target> some = targets.subList(i, Math.min(i + AT_A_TIME, targets.size()));
      try {
        Map<Long, Answer> answers = session.run(connection -> ask(connection, some));
        some.forEach(target -> tell(target, answers.get(target.oid()), report));
      } catch (InstanceAccessException e) {
        requireConnection(e);
        measureEach(some, report);
      }
    }
  }

  private void measureEach(List<Target> targets, Report report) throws InstanceAccessException {
    for (Target target : targets) {
      try {
        Map<Long, Answer> answers = session.run(connection -> ask(connection, List.of(target)));
        tell(target, answers.get(target.oid()), report);
      } catch (InstanceAccessException e) {
        requireConnection(e);
        report.failed(target.name(), e.failure());
      }
    }
  }

  /** Goes on only where the failure is the statement's, not the connection's. */
  private void requireConnection(InstanceAccessException e) throws InstanceAccessException {
    if (!session.isAlive()) {
      throw e;
    }
  }

  private static Map<Long, Answer> ask(Connection connection, List<Target> targets)
      throws SQLException {
    Map<Long, Answer> answers = new HashMap<>();
    Long[] oids = targets.stream().map(Target::oid).toArray(Long[]::new);
    Array array = connection.createArrayOf("oid", oids);
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setArray(1, array);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          long bytes = rows.getLong(4);
          @Nullable Long size = rows.wasNull() ? null : bytes;
          answers.put(rows.getLong(1), new Answer(rows.getBoolean(2), rows.getBoolean(3), size));
        }
      }
    }
    return answers;
  }

  private static void tell(Target target, @Nullable Answer answer, Report report) {
    if (answer != null && answer.size() != null && !answer.gone()) {
      report.measured(new DatabaseSize(target.name(), answer.size(), null, null, null));
    } else if (answer != null && !answer.gone() && !answer.permitted()) {
      report.failed(
          target.name(),
          new Failure(
              FailureCode.PERMISSION_DENIED,
              "the account has neither CONNECT on the database nor pg_read_all_stats",
              false));
    } else {
      report.failed(target.name(), Gone.FAILURE);
    }
  }
}
