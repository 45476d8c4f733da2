package io.cadastre.contracts.events;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** One message of each type with everything filled in, and one with nothing that may be absent. */
final class Samples {

  static final Instant AT = Instant.parse("2026-11-21T03:00:00.123Z");

  private static final Scan SCAN =
      new Scan(
          UUID.fromString("018f3f5e-0000-7000-8000-000000000001"),
          42,
          UUID.fromString("018f3f5e-0000-7000-8000-000000000002"),
          AT.plusSeconds(900));
  private static final ServerInfo SERVER = new ServerInfo("MariaDB", "11.4.5-MariaDB");
  private static final Failure FAILURE =
      new Failure(FailureCode.TIMEOUT, "db1.example:3306 did not answer within 10 s", true);
  private static final InstanceConnection INSTANCE =
      new InstanceConnection(
          7,
          Engine.POSTGRESQL,
          "db1.example",
          5432,
          "cadastre",
          new SealedSecret("c2VhbGVk"),
          TlsMode.VERIFY_FULL,
          "-----BEGIN CERTIFICATE-----\n…");
  private static final InstanceConnection BARE_INSTANCE =
      new InstanceConnection(7, Engine.MYSQL, "::1", 3306, "root", null, TlsMode.DISABLED, null);

  private Samples() {}

  static List<Message> full() {
    return List.of(
        new DatabasesDiscovered(
            7,
            SCAN,
            new Part(2, false),
            Engine.POSTGRESQL,
            SERVER,
            Visibility.RESTRICTED,
            "SHOW DATABASES is missing",
            3,
            AT,
            AT,
            List.of(
                new DatabaseEntry(
                    "订单.\"a'b\" 🐘",
                    true,
                    "utf8mb4",
                    "C",
                    "postgres",
                    "UTF8",
                    "pg_default",
                    true,
                    false))),
        new DiscoveryFailed(7, SCAN, Engine.MYSQL, FAILURE, AT, AT),
        new SizesCollected(
            7,
            SCAN,
            Part.ONLY,
            Engine.MYSQL,
            SERVER,
            SizeMethod.INFORMATION_SCHEMA,
            true,
            "PROCESS is missing",
            2,
            AT,
            AT,
            List.of(new DatabaseSize("shop", 5_000_000_000L, 4_000_000_000L, 900L, 100L)),
            List.of(new DatabaseFailure("gone", FAILURE))),
        new SizeCollectionFailed(7, SCAN, Engine.POSTGRESQL, FAILURE, AT, AT),
        new ConnectionTested(
            7, SCAN, Engine.MYSQL, AT, SERVER, 12L, List.of("grant PROCESS"), FAILURE),
        new MetadataChanged(
            "instance",
            "7",
            MetadataChanged.Change.UPDATED,
            3,
            AT,
            SCAN.operationId(),
            JsonMapper.shared().createObjectNode().put("name", "orders")),
        new DiscoverDatabases(INSTANCE, SCAN),
        new CollectSizes(INSTANCE, SCAN, new NamePatterns(List.of("shop_*"), List.of("tmp?"))),
        new TestConnection(INSTANCE, SCAN));
  }

  static List<Message> minimal() {
    return List.of(
        new DatabasesDiscovered(
            7,
            SCAN,
            Part.ONLY,
            Engine.MYSQL,
            SERVER,
            Visibility.COMPLETE,
            null,
            1,
            AT,
            AT,
            List.of(new DatabaseEntry("a", false, null, null, null, null, null, null, null))),
        new DiscoveryFailed(7, SCAN, Engine.MYSQL, FAILURE, AT, AT),
        new SizesCollected(
            7,
            SCAN,
            Part.ONLY,
            Engine.POSTGRESQL,
            SERVER,
            SizeMethod.PG_DATABASE_SIZE,
            false,
            null,
            1,
            AT,
            AT,
            List.of(new DatabaseSize("a", 0, null, null, null)),
            List.of()),
        new SizeCollectionFailed(7, SCAN, Engine.POSTGRESQL, FAILURE, AT, AT),
        new ConnectionTested(7, SCAN, Engine.MYSQL, AT, null, null, List.of(), null),
        new MetadataChanged("instance", "7", MetadataChanged.Change.DELETED, 4, AT, null, null),
        new DiscoverDatabases(BARE_INSTANCE, SCAN),
        new CollectSizes(BARE_INSTANCE, SCAN, NamePatterns.ALL),
        new TestConnection(BARE_INSTANCE, SCAN));
  }
}
