package io.cadastre.instanceaccess;

import static io.cadastre.instanceaccess.Instances.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RealServerTest {

  private static final Duration SHORT = Duration.ofSeconds(1);

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aSessionKnowsWhoAnswersAndHowFast(Engine engine) throws InstanceAccessException {
    try (InstanceAccess access = Instances.access();
        InstanceSession session = access.open(Instances.local(engine))) {
      assertThat(session.server().product())
          .isEqualTo(engine == Engine.MYSQL ? "MariaDB" : "PostgreSQL");
      assertThat(session.server().version()).startsWith(engine == Engine.MYSQL ? "11.4." : "18");
      assertThat(session.openedIn()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(10));
      assertThat(session.isAlive()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aWrongPasswordIsNamedAndNotShown(Engine engine) {
    InstanceConnection right = Instances.local(engine);
    InstanceConnection wrong =
        Instances.instance(
            engine,
            right.host(),
            right.port(),
            right.username(),
            "wr0ng-pass",
            TlsMode.DISABLED,
            null);
    try (InstanceAccess access = Instances.access()) {
      Failure failure = failure(access, wrong);

      assertThat(failure.code()).isEqualTo(FailureCode.AUTHENTICATION_FAILED);
      assertThat(failure.retryable()).isFalse();
      assertThat(failure.message())
          .contains(right.username())
          .doesNotContain("wr0ng-pass", "\n", "(conn=");
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void anAccountWithoutAPasswordIsRefusedAndNoneIsMadeUp(Engine engine) {
    InstanceConnection right = Instances.local(engine);
    InstanceConnection none =
        Instances.instance(
            engine, right.host(), right.port(), right.username(), null, TlsMode.DISABLED, null);
    try (InstanceAccess access = Instances.access()) {
      assertThat(failure(access, none).code()).isEqualTo(FailureCode.AUTHENTICATION_FAILED);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void thePolicyKeepsTheWorkerFromItsOwnMachine(Engine engine) {
    try (InstanceAccess access =
        new InstanceAccess(
            AccessSettings.standard(AddressPolicy.standard()),
            Instances.OPENER,
            InetAddress::getAllByName)) {
      InstanceConnection local = Instances.local(engine);
      for (String host : new String[] {"127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1"}) {
        Failure failure =
            failure(access, Instances.at(local, host, local.port(), TlsMode.DISABLED, null));
        assertThat(failure.code()).as(host).isEqualTo(FailureCode.ADDRESS_DENIED);
      }
    }
  }

  @Test
  void aMysqlInstanceRegisteredAsPostgresqlIsUnsupportedOrSilent() {
    InstanceConnection mysql = Instances.local(Engine.MYSQL);
    InstanceConnection postgresql = Instances.local(Engine.POSTGRESQL);
    try (InstanceAccess access = Instances.access(SHORT, SHORT)) {
      Failure failure =
          failure(access, Instances.instance(Engine.POSTGRESQL, "127.0.0.1", mysql.port()));
      assertThat(failure.code()).as(failure.message()).isEqualTo(FailureCode.UNSUPPORTED_SERVER);
      // PostgreSQL waits for the client to speak first, and so does a MySQL client for the server.
      assertThat(
              failure(access, Instances.instance(Engine.MYSQL, "127.0.0.1", postgresql.port()))
                  .code())
          .isEqualTo(FailureCode.TIMEOUT);
    }
  }

  @Test
  void aMariaDbKilledInTheMiddleIsALostConnection() throws InstanceAccessException {
    try (LocalMariaDb server = LocalMariaDb.start(ServerSettings.temporary())) {
      assertLostWhenKilled(Instances.local(server), "SELECT SLEEP(60)", server::kill);
    }
  }

  @Test
  void aPostgresqlKilledInTheMiddleIsALostConnection() throws InstanceAccessException {
    try (LocalPostgres server = LocalPostgres.start(ServerSettings.temporary())) {
      assertLostWhenKilled(Instances.local(server), "SELECT pg_sleep(60)", server::kill);
    }
  }

  private static void assertLostWhenKilled(
      InstanceConnection instance, String longStatement, Runnable kill)
      throws InstanceAccessException {
    try (InstanceAccess access = Instances.access(SHORT.multipliedBy(10), SHORT.multipliedBy(30));
        InstanceSession session = access.open(instance)) {
      Thread killer = Thread.startVirtualThread(kill);
      Failure failure =
          catchThrowableOfType(InstanceAccessException.class, () -> query(session, longStatement))
              .failure();

      assertThat(failure.code()).isEqualTo(FailureCode.CONNECTION_LOST);
      assertThat(failure.retryable()).isTrue();
      assertThat(session.isAlive()).isFalse();
      assertThat(killer).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aServerThatFallsSilentInTheMiddleCostsTheReadTimeout(Engine engine)
      throws IOException, InstanceAccessException {
    InstanceConnection local = Instances.local(engine);
    try (FreezingProxy proxy = new FreezingProxy(local.port());
        InstanceAccess access = Instances.access(SHORT.multipliedBy(10), SHORT);
        InstanceSession session =
            access.open(Instances.at(local, "127.0.0.1", proxy.port(), TlsMode.DISABLED, null))) {
      proxy.freeze();
      long start = System.nanoTime();
      Failure failure =
          catchThrowableOfType(InstanceAccessException.class, () -> query(session, "SELECT 1"))
              .failure();

      assertThat(failure.code()).isEqualTo(FailureCode.TIMEOUT);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(5));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void theServerItselfGivesUpAStatementNobodyWaitsFor(Engine engine)
      throws InstanceAccessException {
    String longStatement =
        engine == Engine.MYSQL
            ? "SELECT COUNT(*) FROM information_schema.COLUMNS a, information_schema.COLUMNS b,"
                + " information_schema.COLUMNS c"
            : "SELECT pg_catalog.pg_sleep(60)";
    try (InstanceAccess access = Instances.access(SHORT.multipliedBy(10), SHORT);
        InstanceSession session = access.open(Instances.local(engine))) {
      Failure failure =
          catchThrowableOfType(InstanceAccessException.class, () -> query(session, longStatement))
              .failure();

      assertThat(failure.code()).isEqualTo(FailureCode.TIMEOUT);
      assertThat(failure.message()).contains("gave up a statement");
      assertThat(session.isAlive()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aSessionCannotWrite(Engine engine) throws InstanceAccessException {
    try (InstanceAccess access = Instances.access();
        InstanceSession session = access.open(Instances.local(engine))) {
      Failure failure =
          catchThrowableOfType(
                  InstanceAccessException.class,
                  () -> session.run(c -> update(c, "CREATE TABLE mysql.t (i int)", engine)))
              .failure();

      assertThat(failure.code()).isEqualTo(FailureCode.SERVER_ERROR);
    }
  }

  private static int update(java.sql.Connection connection, String sql, Engine engine)
      throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.executeUpdate(
          engine == Engine.MYSQL ? sql : "CREATE TABLE pg_temp_1.t (i int)");
    }
  }

  @Test
  void aServerCannotSendTheWorkerToAnother() throws Exception {
    try (LocalMariaDb server =
            LocalMariaDb.start(
                ServerSettings.temporary().withOption("redirect-url", "mariadb://127.0.0.1:1"));
        InstanceAccess access = Instances.access();
        InstanceSession session = access.open(Instances.local(server))) {
      assertThat(session.<String>run(c -> EngineLogin.queryRow(c, "SELECT @@port").getFirst()))
          .isEqualTo(Integer.toString(server.port()));
    }
  }

  private static String query(InstanceSession session, String sql) throws InstanceAccessException {
    return session.run(connection -> EngineLogin.queryRow(connection, sql).getFirst());
  }
}
