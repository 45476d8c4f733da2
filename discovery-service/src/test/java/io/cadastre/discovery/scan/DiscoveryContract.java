package io.cadastre.discovery.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cadastre.contracts.events.ConnectionTested;
import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.DiscoverDatabases;
import io.cadastre.contracts.events.DiscoveryFailed;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.TestConnection;
import io.cadastre.contracts.events.Visibility;
import io.cadastre.discovery.connectiontest.ConnectionTrial;
import io.cadastre.instanceaccess.AccessSettings;
import io.cadastre.instanceaccess.AddressPolicy;
import io.cadastre.instanceaccess.InstanceAccess;
import io.cadastre.testbed.ServerUnderTest;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What discovery promises, on whichever server. */
abstract class DiscoveryContract {

  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
  private static final String PASSWORD = "t-pass-1";

  private final ServerUnderTest server;
  private final InstanceAccess access =
      new InstanceAccess(
          AccessSettings.standard(new AddressPolicy(List.of(), List.of(), true)),
          ServerUnderTest.OPENER);
  private final InstanceScan scan = new InstanceScan(access, InstantSource.fixed(NOW));
  private final ConnectionTrial trial = new ConnectionTrial(access, InstantSource.fixed(NOW));

  DiscoveryContract(ServerUnderTest server) {
    this.server = server;
  }

  @BeforeEach
  void emptyTheServer() throws SQLException {
    server.dropEverything();
  }

  @AfterEach
  void closeAccess() {
    access.close();
  }

  @Test
  void anEmptyInstanceHasItsSystemDatabasesAndNoOthers() {
    DatabasesDiscovered found = discoverInOnePart(server.instance());

    assertThat(found.databases()).isNotEmpty();
    assertThat(users(found)).isEmpty();
    assertThat(found.databasesTotal()).isEqualTo(found.databases().size());
    assertThat(names(found))
        .contains(server.isPostgresql() ? "template0" : "information_schema")
        .contains(server.isPostgresql() ? "postgres" : "mysql");
    assertThat(found.visibility()).isEqualTo(Visibility.COMPLETE);
    assertThat(found.visibilityReason()).isNull();
    assertThat(found.startedAt()).isEqualTo(NOW);
    assertThat(found.server().product()).isIn("MySQL", "MariaDB", "PostgreSQL");
  }

  @Test
  void aDatabaseOfMysqlHasItsCharacterSetAndCollation() throws SQLException {
    assumeFalse(server.isPostgresql());
    server.execute("CREATE DATABASE shop CHARACTER SET latin1 COLLATE latin1_swedish_ci");

    assertThat(users(discoverInOnePart(server.instance())))
        .containsExactly(
            new DatabaseEntry(
                "shop", false, "latin1", "latin1_swedish_ci", null, null, null, null, null));
  }

  @Test
  void aDatabaseOfPostgresqlHasOwnerEncodingCollationTablespaceAndFlags() throws SQLException {
    assumeTrue(server.isPostgresql());
    server.execute(
        "CREATE ROLE t_owner",
        "CREATE DATABASE shop OWNER t_owner ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
            + " LOCALE_PROVIDER libc TEMPLATE template0 IS_TEMPLATE true ALLOW_CONNECTIONS false");

    assertThat(users(discoverInOnePart(server.instance())))
        .containsExactly(
            new DatabaseEntry(
                "shop", false, null, "C", "t_owner", "LATIN1", "pg_default", true, false));
  }

  @Test
  void namesComeAsTheyAre() throws SQLException {
    List<String> names =
        new ArrayList<>(
            List.of(
                "quote'd",
                "double\"quoted",
                "back`ticked",
                "with.dots.in.it",
                "with space",
                "per%cent_under",
                "sla/sh",
                "semi;colon -- DROP",
                "数据库",
                "Ünïcödé",
                "база",
                "UPPER"));
    names.add("x".repeat(server.isPostgresql() ? 63 : 64));
    if (server.isPostgresql()) {
      // Names of MySQL and MariaDB have no characters beyond the basic plane.
      names.add("emoji-🐘🔑");
    }
    server.createDatabases(names);

    assertThat(users(discoverInOnePart(server.instance())))
        .extracting(DatabaseEntry::name)
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void thousandsOfDatabasesComeInPartsThatAddUp() throws SQLException {
    // A database of PostgreSQL is a copy of some hundred files.
    int count = server.isPostgresql() ? 30 : 2_100;
    List<String> names = IntStream.range(0, count).mapToObj("shop_%05d"::formatted).toList();
    server.createDatabases(names);

    List<DatabasesDiscovered> parts = discover(server.instance());

    assertThat(parts).hasSize(server.isPostgresql() ? 1 : 2);
    assertThat(parts).extracting(part -> part.part().number()).isSorted().doesNotHaveDuplicates();
    assertThat(parts.getLast().part().last()).isTrue();
    assertThat(parts.subList(0, parts.size() - 1)).noneMatch(part -> part.part().last());
    Set<String> found = parts.stream().flatMap(p -> names(p).stream()).collect(Collectors.toSet());
    assertThat(found).containsAll(names);
    assertThat(parts).allMatch(part -> part.databasesTotal() == found.size());
  }

  @Test
  void anAccountThatLosesItsPrivilegesNoLongerProvesThatADatabaseIsGone() throws SQLException {
    assumeFalse(server.isPostgresql());
    server.createDatabases(List.of("shop", "stock"));
    createAccount("t_scanner");
    server.execute("GRANT SHOW DATABASES ON *.* TO 't_scanner'@'%'");
    DatabasesDiscovered before = discoverInOnePart(server.instance("t_scanner", PASSWORD));

    server.execute("REVOKE SHOW DATABASES ON *.* FROM 't_scanner'@'%'");
    DatabasesDiscovered after = discoverInOnePart(server.instance("t_scanner", PASSWORD));

    assertThat(before.visibility()).isEqualTo(Visibility.COMPLETE);
    assertThat(names(before)).contains("shop", "stock");
    assertThat(after.visibility()).isEqualTo(Visibility.RESTRICTED);
    assertThat(after.visibilityReason()).contains("SHOW DATABASES");
    assertThat(names(after)).doesNotContain("shop", "stock");
  }

  @Test
  void aPrivilegeOnOneDatabaseShowsThatOneAndProvesNothing() throws SQLException {
    assumeFalse(server.isPostgresql());
    server.createDatabases(List.of("shop", "stock"));
    createAccount("t_scanner");
    server.execute("GRANT SELECT ON shop.* TO 't_scanner'@'%'");

    DatabasesDiscovered found = discoverInOnePart(server.instance("t_scanner", PASSWORD));

    assertThat(found.visibility()).isEqualTo(Visibility.RESTRICTED);
    assertThat(names(found)).contains("shop").doesNotContain("stock");
  }

  @Test
  void aPrivilegeThroughARoleCountsWhileTheRoleIsActive() throws SQLException {
    assumeFalse(server.isPostgresql());
    server.createDatabases(List.of("shop"));
    createAccount("t_scanner");
    server.execute(
        "DROP ROLE IF EXISTS scanners",
        "CREATE ROLE scanners",
        "GRANT SHOW DATABASES ON *.* TO scanners",
        "GRANT scanners TO 't_scanner'@'%'");
    InstanceConnection account = server.instance("t_scanner", PASSWORD);
    DatabasesDiscovered inactive = discoverInOnePart(account);

    boolean mariaDb = inactive.server().product().equals("MariaDB");
    server.execute(
        mariaDb
            ? "SET DEFAULT ROLE scanners FOR 't_scanner'@'%'"
            : "ALTER USER 't_scanner'@'%' DEFAULT ROLE scanners");
    DatabasesDiscovered active = discoverInOnePart(account);
    server.execute("DROP ROLE scanners");

    assertThat(inactive.visibility()).isEqualTo(Visibility.RESTRICTED);
    assertThat(names(inactive)).doesNotContain("shop");
    assertThat(active.visibility()).isEqualTo(Visibility.COMPLETE);
    assertThat(names(active)).contains("shop");
  }

  @Test
  void everyAccountOfPostgresqlSeesEveryDatabase() throws SQLException {
    assumeTrue(server.isPostgresql());
    server.createDatabases(List.of("shop"));
    createAccount("t_scanner");
    server.execute("REVOKE CONNECT ON DATABASE shop FROM PUBLIC");

    DatabasesDiscovered found = discoverInOnePart(server.instance("t_scanner", PASSWORD));

    assertThat(found.visibility()).isEqualTo(Visibility.COMPLETE);
    assertThat(names(found)).contains("shop");
  }

  @Test
  void aRefusedLoginIsAFailureAndNoListing() {
    List<ScanEvent> events = scan.run(command(server.instance(server.admin(), "wr0ng-pass")));

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            DiscoveryFailed.class,
            failed -> {
              assertThat(failed.failure().code()).isEqualTo(FailureCode.AUTHENTICATION_FAILED);
              assertThat(failed.toString()).doesNotContain("wr0ng-pass");
            });
  }

  @Test
  void aConnectionTestSaysWhoAnswersAndWhatIsMissing() throws SQLException {
    server.createDatabases(List.of("shop"));
    createAccount("t_scanner");
    if (server.isPostgresql()) {
      server.execute("REVOKE CONNECT ON DATABASE shop FROM PUBLIC");
    }

    ConnectionTested admin = test(server.instance());
    ConnectionTested weak = test(server.instance("t_scanner", PASSWORD));
    ConnectionTested refused = test(server.instance("t_scanner", "wr0ng-pass"));

    assertThat(admin.failure()).isNull();
    assertThat(admin.server()).isNotNull();
    assertThat(admin.latencyMillis()).isNotNull().isNotNegative();
    assertThat(admin.advice()).isEmpty();
    assertThat(weak.advice()).isNotEmpty().anyMatch(advice -> advice.startsWith("Sizes: "));
    assertThat(refused.failure()).isNotNull();
    assertThat(refused.server()).isNull();
  }

  private void createAccount(String name) throws SQLException {
    server.execute(
        server.isPostgresql()
            ? "CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'"
            : "CREATE USER '" + name + "'@'%' IDENTIFIED BY '" + PASSWORD + "'");
  }

  private DatabasesDiscovered discoverInOnePart(InstanceConnection instance) {
    List<DatabasesDiscovered> parts = discover(instance);
    assertThat(parts).hasSize(1);
    assertThat(parts.getFirst().part()).isEqualTo(Part.ONLY);
    return parts.getFirst();
  }

  private List<DatabasesDiscovered> discover(InstanceConnection instance) {
    List<ScanEvent> events = scan.run(command(instance));
    assertThat(events).allMatch(DatabasesDiscovered.class::isInstance);
    return events.stream().map(DatabasesDiscovered.class::cast).toList();
  }

  private ConnectionTested test(InstanceConnection instance) {
    return trial.run(new TestConnection(instance, newScan()));
  }

  private static DiscoverDatabases command(InstanceConnection instance) {
    return new DiscoverDatabases(instance, newScan());
  }

  private static Scan newScan() {
    return new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), NOW.plusSeconds(60));
  }

  private static List<String> names(DatabasesDiscovered found) {
    return found.databases().stream().map(DatabaseEntry::name).toList();
  }

  private static List<DatabaseEntry> users(DatabasesDiscovered found) {
    return found.databases().stream().filter(database -> !database.system()).toList();
  }
}
