package io.cadastre.size.measure;

import static io.cadastre.size.measure.Content.PASSWORD;
import static io.cadastre.size.measure.Measuring.NOT_SYSTEM;
import static io.cadastre.size.measure.Measuring.NOW;
import static io.cadastre.size.measure.Measuring.bytes;
import static io.cadastre.size.measure.Measuring.only;
import static io.cadastre.size.measure.Measuring.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cadastre.contracts.events.DatabaseFailure;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.SizeCollectionFailed;
import io.cadastre.contracts.events.SizeMethod;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.instanceaccess.InstanceAccessException;
import io.cadastre.testbed.ServerUnderTest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What measuring promises, on whichever server. */
abstract class SizeContract {

  private final ServerUnderTest server;
  private final Content content;
  private final Measuring measuring;

  SizeContract(ServerUnderTest server) {
    this.server = server;
    this.content = new Content(server);
    this.measuring = new Measuring(server);
  }

  @BeforeEach
  void emptyTheServer() throws SQLException {
    server.dropEverything();
  }

  @AfterEach
  void closeAccess() {
    measuring.close();
  }

  @Test
  void anEmptyInstanceHasTheSizesOfItsSystemDatabases() {
    SizesCollected collected = measuring.collect(server.instance(), NamePatterns.ALL);

    assertThat(collected.databasesTotal()).isEqualTo(collected.databases().size());
    assertThat(collected.failures()).isEmpty();
    assertThat(collected.estimate()).isFalse();
    assertThat(collected.estimateReason()).isNull();
    assertThat(collected.method())
        .isEqualTo(
            server.isPostgresql() ? SizeMethod.PG_DATABASE_SIZE : SizeMethod.ALLOCATED_TABLESPACES);
    assertThat(collected.collectedAt()).isEqualTo(NOW);
    assertThat(sizes(collected))
        .hasEntrySatisfying(
            server.isPostgresql() ? "template1" : "mysql",
            size -> assertThat(size.sizeBytes()).isGreaterThan(100_000));
    assertThat(sizes(collected).keySet())
        .noneMatch(name -> name.contains("undo") || name.contains("temporary"));
  }

  @Test
  void onlyWantedDatabasesAreMeasured() throws SQLException {
    server.createDatabases(List.of("shop_a", "shopXa", "stock", "shop_tmp"));

    SizesCollected collected =
        measuring.collect(
            server.instance(), new NamePatterns(List.of("shop_*", "sto?k"), List.of("*_tmp")));

    assertThat(sizes(collected)).containsOnlyKeys("shop_a", "stock");
    assertThat(collected.databasesTotal()).isEqualTo(2);
  }

  @Test
  void aDatabaseGrowsByAboutWhatIsWrittenToIt() throws SQLException {
    server.createDatabases(List.of("shop"));
    content.createTable("shop", "orders", 0);
    DatabaseSize before = only(measuring.collect(server.instance(), NOT_SYSTEM));

    content.createTable("shop", "more", 3_000);
    DatabaseSize after = only(measuring.collect(server.instance(), NOT_SYSTEM));

    // 3,000 rows of 1,000 bytes
    assertThat(after.sizeBytes() - before.sizeBytes()).isBetween(3_000_000L, 14_000_000L);
    if (!server.isPostgresql()) {
      assertThat(after.dataBytes()).isNotNull().isBetween(3_000_000L, 14_000_000L);
    }
  }

  @Test
  void statisticsAreNotADayOld() throws SQLException {
    assumeFalse(server.isPostgresql());
    server.createDatabases(List.of("shop"));
    server.execute(
        "CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, filler CHAR(200))"
            + " ENGINE=MyISAM");
    DatabaseSize empty = only(measuring.collect(server.instance(), NOT_SYSTEM));

    server.execute(
        "INSERT INTO shop.orders (filler) SELECT REPEAT('x', 200) FROM"
            + " information_schema.COLLATIONS a, information_schema.CHARACTER_SETS b");
    DatabaseSize filled = only(measuring.collect(server.instance(), NOT_SYSTEM));

    assertThat(empty.sizeBytes()).isLessThan(20_000);
    assertThat(filled.sizeBytes()).isGreaterThan(1_000_000);
    assertThat(filled.dataBytes()).isNotNull().isGreaterThan(1_000_000);
    assertThat(filled.indexBytes()).isNotNull().isPositive();
  }

  @Test
  void databasesWithoutTablesHaveASizeToo() throws SQLException {
    server.createDatabases(List.of("bare"));

    DatabaseSize bare = only(measuring.collect(server.instance(), NOT_SYSTEM));

    if (server.isPostgresql()) {
      assertThat(bare.sizeBytes()).isGreaterThan(1_000_000);
    } else {
      assertThat(bare).isEqualTo(new DatabaseSize("bare", 0, 0L, 0L, 0L));
    }
  }

  @Test
  void namesAreNoObstacle() throws SQLException {
    List<String> names =
        new ArrayList<>(
            List.of(
                "quote'd",
                "double\"quoted",
                "back`ticked",
                "with.dots",
                "with space",
                "sla/sh",
                "a@002eb",
                "hash#P#tag",
                "数据库",
                "Ünïcödé",
                "база",
                "CON"));
    names.add("x".repeat(server.isPostgresql() ? 63 : 64));
    if (server.isPostgresql()) {
      names.add("emoji-🐘🔑");
    }
    server.createDatabases(names);
    if (!server.isPostgresql()) {
      for (String name : names) {
        server.execute("CREATE TABLE " + server.quoted(name) + ".`t/é#p` (id INT PRIMARY KEY)");
      }
    }

    SizesCollected collected = measuring.collect(server.instance(), NOT_SYSTEM);

    assertThat(sizes(collected)).containsOnlyKeys(names);
    assertThat(collected.databases()).allMatch(size -> size.sizeBytes() > 10_000);
  }

  @Test
  void tablesOfEveryEngineAndPartitionsCount() throws SQLException {
    assumeFalse(server.isPostgresql());
    server.createDatabases(List.of("plain", "isam", "parted", "unseen"));
    server.execute(
        "CREATE TABLE plain.t (id INT PRIMARY KEY)",
        "CREATE TABLE parted.t (id INT PRIMARY KEY) PARTITION BY HASH(id) PARTITIONS 4",
        "CREATE TABLE isam.t (id INT PRIMARY KEY, filler CHAR(200)) ENGINE=MyISAM",
        "INSERT INTO isam.t VALUES (1, 'a'), (2, 'b'), (3, 'c')",
        // memory is no disk, and a merge table's bytes are those of its parts
        "CREATE TABLE unseen.m (id INT PRIMARY KEY) ENGINE=MEMORY",
        "INSERT INTO unseen.m VALUES (1)",
        "CREATE TABLE isam.merged (id INT, filler CHAR(200)) ENGINE=MERGE UNION=()",
        "CREATE VIEW unseen.v AS SELECT * FROM plain.t");

    SizesCollected collected = measuring.collect(server.instance(), NOT_SYSTEM);

    long plain = bytes(collected, "plain");
    assertThat(plain).isBetween(60_000L, 200_000L);
    assertThat(bytes(collected, "parted")).isEqualTo(4 * plain);
    assertThat(bytes(collected, "isam")).isBetween(2_000L, 10_000L);
    assertThat(bytes(collected, "unseen")).isZero();
  }

  @Test
  void ariaTablesCount() throws SQLException {
    assumeTrue(content.isMariaDb());
    server.createDatabases(List.of("aria"));
    server.execute(
        "CREATE TABLE aria.t (id INT PRIMARY KEY, filler CHAR(200)) ENGINE=Aria",
        "INSERT INTO aria.t VALUES (1, 'a'), (2, 'b'), (3, 'c')");

    assertThat(only(measuring.collect(server.instance(), NOT_SYSTEM)).sizeBytes())
        .isGreaterThan(8_000);
  }

  @Test
  void aTableInASharedTablespaceCountsForItsDatabase() throws SQLException {
    assumeFalse(server.isPostgresql());
    server.createDatabases(List.of("sharing"));
    server.execute("SET GLOBAL innodb_file_per_table = OFF");
    try {
      server.execute(
          "CREATE TABLE sharing.t (id INT PRIMARY KEY, filler CHAR(200))",
          "INSERT INTO sharing.t VALUES (1, 'x')",
          "ANALYZE TABLE sharing.t");
    } finally {
      server.execute("SET GLOBAL innodb_file_per_table = ON");
    }

    DatabaseSize sharing = only(measuring.collect(server.instance(), NOT_SYSTEM));

    assertThat(sharing.sizeBytes()).isEqualTo(16_384);
    assertThat(sharing.freeBytes()).as("free bytes of all of the shared tablespace").isZero();
  }

  @Test
  void withoutProcessItIsAnEstimateThatSaysWhy() throws SQLException {
    assumeFalse(server.isPostgresql());
    server.createDatabases(List.of("shop"));
    server.execute("CREATE TABLE shop.t (id INT PRIMARY KEY)");
    content.createAccount("t_reader");
    server.execute("GRANT SELECT ON *.* TO 't_reader'@'%'");

    SizesCollected collected = measuring.collect(server.instance("t_reader", PASSWORD), NOT_SYSTEM);

    assertThat(collected.estimate()).isTrue();
    assertThat(collected.method()).isEqualTo(SizeMethod.INFORMATION_SCHEMA);
    assertThat(collected.estimateReason()).contains("PROCESS");
    assertThat(only(collected).sizeBytes()).isGreaterThanOrEqualTo(16_384);
  }

  @Test
  void withoutSelectItIsAnEstimateThatSaysWhy() throws SQLException {
    assumeFalse(server.isPostgresql());
    server.createDatabases(List.of("shop"));
    server.execute("CREATE TABLE shop.t (id INT PRIMARY KEY)");
    content.createAccount("t_reader");
    server.execute("GRANT PROCESS, SHOW DATABASES ON *.* TO 't_reader'@'%'");

    SizesCollected collected = measuring.collect(server.instance("t_reader", PASSWORD), NOT_SYSTEM);

    assertThat(collected.estimate()).isTrue();
    assertThat(collected.method()).isEqualTo(SizeMethod.ALLOCATED_TABLESPACES);
    assertThat(collected.estimateReason()).contains("SELECT");
    assertThat(only(collected).sizeBytes()).isGreaterThanOrEqualTo(60_000);
    assertThat(only(collected).dataBytes()).isNull();
  }

  @Test
  void aDatabaseThatMayNotBeReadFailsAloneOnPostgresql() throws SQLException {
    assumeTrue(server.isPostgresql());
    server.createDatabases(List.of("open_a", "closed", "open_b"));
    content.createAccount("t_reader");
    server.execute("REVOKE CONNECT ON DATABASE closed FROM PUBLIC");

    SizesCollected refused = measuring.collect(server.instance("t_reader", PASSWORD), NOT_SYSTEM);
    server.execute("GRANT pg_read_all_stats TO t_reader");
    SizesCollected granted = measuring.collect(server.instance("t_reader", PASSWORD), NOT_SYSTEM);

    assertThat(sizes(refused)).containsOnlyKeys("open_a", "open_b");
    assertThat(refused.failures())
        .singleElement()
        .satisfies(failure -> {
          assertThat(failure.name()).isEqualTo("closed");
          assertThat(failure.failure().code()).isEqualTo(FailureCode.PERMISSION_DENIED);
        });
    assertThat(refused.databasesTotal()).isEqualTo(3);
    assertThat(sizes(granted)).containsOnlyKeys("open_a", "closed", "open_b");
  }

  @Test
  void aDatabaseDroppedMeanwhileIsAFailureOfThatOneAlone()
      throws SQLException, InstanceAccessException {
    server.createDatabases(List.of("kept_a", "dropped", "kept_b"));

    SizesCollected collected =
        measuring.collectWhile(() -> server.execute("DROP DATABASE dropped"));

    assertThat(sizes(collected)).containsOnlyKeys("kept_a", "kept_b");
    assertThat(collected.failures()).containsExactly(new DatabaseFailure("dropped", Gone.FAILURE));
    assertThat(Gone.FAILURE.code()).isEqualTo(FailureCode.DATABASE_GONE);
  }

  @Test
  void thousandsOfDatabasesComeInPartsThatAddUp() throws SQLException {
    int count = server.isPostgresql() ? 60 : 2_100;
    List<String> names = IntStream.range(0, count).mapToObj("shop_%05d"::formatted).toList();
    server.createDatabases(names);

    List<SizesCollected> parts = measuring.parts(server.instance(), NOT_SYSTEM);

    Set<String> measured =
        parts.stream()
            .flatMap(part -> part.databases().stream())
            .map(DatabaseSize::name)
            .collect(Collectors.toSet());
    assertThat(measured).containsExactlyInAnyOrderElementsOf(names);
    assertThat(parts).hasSize(server.isPostgresql() ? 1 : 2);
    assertThat(parts).allMatch(part -> part.databasesTotal() == count);
    assertThat(parts.getLast().part().last()).isTrue();
    assertThat(parts.subList(0, parts.size() - 1)).noneMatch(part -> part.part().last());
  }

  @Test
  void aRefusedLoginIsAFailureAndNoSize() {
    assertThat(measuring.events(server.instance(server.admin(), "wr0ng-pass"), NamePatterns.ALL))
        .singleElement()
        .isInstanceOfSatisfying(
            SizeCollectionFailed.class,
            failed ->
                assertThat(failed.failure().code()).isEqualTo(FailureCode.AUTHENTICATION_FAILED));
  }
}
