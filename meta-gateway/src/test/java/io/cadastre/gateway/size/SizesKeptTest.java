package io.cadastre.gateway.size;

import static io.cadastre.gateway.size.KeptSizes.NOW;
import static io.cadastre.gateway.size.KeptSizes.UTC;
import static io.cadastre.gateway.size.KeptSizes.at;
import static io.cadastre.gateway.size.KeptSizes.failure;
import static io.cadastre.gateway.size.KeptSizes.result;
import static io.cadastre.gateway.size.KeptSizes.size;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.MessageJson;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.gateway.operation.OperationStatus;
import io.cadastre.gateway.operation.ScanReport;
import io.cadastre.messaging.receive.RejectedMessageException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a measurement, and what is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SizesKeptTest {

  @RegisterExtension private final KeptSizes kept = new KeptSizes();

  @Test
  void everySampleOfADayIsKept() {
    kept.apply(kept.only(at("2026-11-21T04:00:00Z"), size("shop", 100), size("crm", 50)));
    ScanReport second =
        kept.apply(kept.only(at("2026-11-21T11:00:00Z"), size("shop", 120), size("crm", 50)));

    assertThat(second.status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(result(second).get("saved_count").asInt()).isEqualTo(2);
    assertThat(result(second).get("total_size_bytes").asLong()).isEqualTo(170);
    assertThat(kept.numbers("size_bytes FROM database_size_stats", "database_name = 'shop'"))
        .containsExactlyInAnyOrder(100L, 120L);
    assertThat(kept.numbers("total_size_bytes FROM instance_size_stats", "true"))
        .containsExactlyInAnyOrder(150L, 170L);
    assertThat(kept.numbers("total_size_bytes FROM instance_state", "true")).containsExactly(170L);
  }

  @Test
  void aResultInPartsIsOneMeasurement() {
    Scan scan = kept.scan();
    Instant at = at("2026-11-21T04:00:00Z");
    ScanReport first =
        kept.apply(kept.part(scan, 1, false, at, List.of(size("a", 1), size("b", 2))), false, null);
    assertThat(first.status()).isEqualTo(OperationStatus.RUNNING);
    assertThat(kept.numbers("total_size_bytes FROM instance_size_stats", "true")).isEmpty();
    assertThat(kept.numbers("size_bytes FROM database_latest_size", "true"))
        .as("a measurement shows when it is complete")
        .isEmpty();

    ScanReport last =
        kept.apply(kept.part(scan, 2, true, at, List.of(size("c", 4))), true, first.result());
    assertThat(last.status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(result(last).get("saved_count").asInt()).isEqualTo(3);
    assertThat(kept.numbers("total_size_bytes FROM instance_size_stats", "true"))
        .containsExactly(7L);
    assertThat(kept.numbers("database_count FROM instance_size_stats", "true")).containsExactly(3L);
    assertThat(kept.numbers("size_bytes FROM database_latest_size", "true"))
        .containsExactlyInAnyOrder(1L, 2L, 4L);
  }

  @Test
  void aDatabaseThatFailsKeepsItsLastSizeInTheTotalAndSaysWhy() {
    kept.apply(
        kept.only(at("2026-11-21T04:00:00Z"), size("shop", 100), size("crm", 50), size("old", 7)));
    SizesCollected part =
        kept.collected(
            kept.scan(),
            Part.ONLY,
            at("2026-11-21T05:00:00Z"),
            List.of(size("shop", 110)),
            List.of(
                failure("crm", FailureCode.PERMISSION_DENIED),
                failure("old", FailureCode.DATABASE_GONE)));
    ScanReport report = kept.apply(part, true, null);

    assertThat(report.status()).isEqualTo(OperationStatus.COMPLETED_WITH_ERRORS);
    assertThat(result(report).get("failed_count").asInt()).isEqualTo(2);
    assertThat(result(report).get("total_size_bytes").asLong()).isEqualTo(160);
    assertThat(result(report).get("carried_bytes").asLong()).isEqualTo(50);
    assertThat(result(report).get("failures").get(0).get("database").asString()).isEqualTo("crm");
    assertThat(result(report).get("failures").get(0).get("code").asString())
        .isEqualTo("permission_denied");
    assertThat(
            kept.numbers(
                "size_bytes FROM database_latest_size",
                "database_name = 'crm' AND failure_code = 'permission_denied'"))
        .containsExactly(50L);

    assertThat(kept.numbers("size_bytes FROM database_latest_size", "failure_code IS NULL"))
        .containsExactly(110L);

    kept.apply(kept.only(at("2026-11-21T06:00:00Z"), size("crm", 51)));
    assertThat(
            kept.numbers(
                "size_bytes FROM database_latest_size",
                "database_name = 'crm' AND failure_code IS NULL AND failed_at IS NULL"))
        .containsExactly(51L);
  }

  @Test
  void namesOfAllKindsAreStoredAsTheyAre() {
    List<String> names =
        List.of(
            "a/b", "x.y", "päron 🍐", "tab\there", "line\nfeed", "back\\slash\\N", "\\.", "'\"");
    kept.apply(
        kept.only(
            at("2026-11-21T04:00:00Z"),
            names.stream().map(name -> size(name, 1)).toArray(DatabaseSize[]::new)));

    List<String> stored =
        kept.register()
            .client()
            .sql(
                "SELECT database_name FROM database_size_stats WHERE instance_id = "
                    + kept.instance())
            .mapValue(String.class)
            .all()
            .collectList()
            .block();
    assertThat(stored).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void aMonthWithoutPartitionGetsOneWithTheFirstRow() {
    kept.apply(kept.only(at("2026-02-28T23:59:59.999999Z"), size("shop", 1)));
    kept.apply(kept.only(at("2026-03-01T00:00:00Z"), size("shop", 2)));

    assertThat(
            kept.register()
                .one(
                    "SELECT count(DISTINCT tableoid) FROM database_size_stats WHERE instance_id = "
                        + kept.instance(),
                    Long.class))
        .isEqualTo(2);
  }

  /** PostgreSQL would round the first of them up into November. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-10-31T23:59:59.999999500Z",
        "2026-10-31T23:59:59.999999999Z",
        "2026-10-31T23:59:59.999999Z"
      })
  void theLastMomentOfAMonthIsInThatMonthForEveryone(String sent) {
    Instant last = at("2026-10-31T23:59:59.999999Z");
    SizesCollected part =
        kept.collected(
            kept.scan(),
            Part.ONLY,
            last,
            List.of(size("shop", 7)),
            List.of(failure("crm", FailureCode.TIMEOUT)));
    String json =
        new String(MessageJson.write(part), UTF_8)
            .replace("\"collected_at\":\"" + last, "\"collected_at\":\"" + sent);
    assertThat(json).contains(sent);
    kept.apply(MessageJson.read(json.getBytes(UTF_8), SizesCollected.class));

    for (String column :
        List.of(
            "collected_at FROM database_size_stats",
            "collected_at FROM instance_size_stats",
            "collected_at FROM database_size_failure",
            "collected_at FROM latest_size_scan",
            "last_size_sync_at FROM instance_state")) {
      assertThat(
              kept.register()
                  .one(
                      "SELECT %s WHERE instance_id = %d".formatted(column, kept.instance()),
                      Instant.class))
          .as(column)
          .isEqualTo(last);
    }
    kept.refresh(UTC);
    assertThat(kept.aggregates("daily")).singleElement().asString().startsWith("2026-10-31 1 7");
  }

  @Test
  void refusesWhatCannotBeRight() {
    assertThatThrownBy(() -> kept.apply(kept.only(at("2024-01-01T00:00:00Z"), size("shop", 1))))
        .isInstanceOf(RejectedMessageException.class)
        .hasMessage(
            "collected_at: 2024-01-01T00:00:00Z (allowed: 2025-10-01T00:00:00Z to"
                + " 2026-11-21T13:00:00Z)");
    assertThatThrownBy(() -> kept.apply(kept.only(at("2026-11-22T12:00:00Z"), size("shop", 1))))
        .isInstanceOf(RejectedMessageException.class);
    assertThatThrownBy(() -> kept.apply(kept.only(NOW, size("shop", -1))))
        .hasMessage("size of database 'shop': -1 (allowed: 0 and above)");
    assertThatThrownBy(() -> kept.apply(kept.only(NOW, size("shop", 1), size("shop", 2))))
        .hasMessage("database 'shop' comes twice");
    assertThatThrownBy(() -> kept.apply(kept.only(NOW, size("a\0b", 1))))
        .isInstanceOf(RejectedMessageException.class);
    assertThat(kept.numbers("size_bytes FROM database_size_stats", "true")).isEmpty();
  }
}
