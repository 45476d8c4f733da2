package io.cadastre.gateway.size;

import static io.cadastre.gateway.size.KeptSizes.UTC;
import static io.cadastre.gateway.size.KeptSizes.at;
import static io.cadastre.gateway.size.KeptSizes.size;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Days, weeks and months of sizes, and their changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SizeAggregatesTest {

  @RegisterExtension private final KeptSizes kept = new KeptSizes();

  @Test
  void aggregatesFollowTheSamples() {
    kept.apply(kept.only(at("2026-10-31T04:00:00Z"), size("shop", 100)));
    kept.apply(kept.only(at("2026-11-01T04:00:00Z"), size("shop", 110)));
    kept.apply(kept.only(at("2026-11-02T04:00:00Z"), size("shop", 120)));
    kept.apply(kept.only(at("2026-11-02T20:00:00Z"), size("shop", 160)));
    kept.refresh(UTC);

    assertThat(kept.aggregates("daily"))
        .containsExactly(
            "2026-10-31 1 100 100 100 100 null null",
            "2026-11-01 1 110 110 110 110 10 10.00",
            "2026-11-02 2 140 120 160 160 50 45.45");
    assertThat(kept.aggregates("weekly"))
        .containsExactly(
            "2026-10-26 2 105 100 110 110 null null", "2026-11-02 2 140 120 160 160 50 45.45");
    assertThat(kept.aggregates("monthly"))
        .containsExactly(
            "2026-10-01 1 100 100 100 100 null null", "2026-11-01 3 130 110 160 160 60 60.00");

    kept.apply(kept.only(at("2026-11-01T22:00:00Z"), size("shop", 130)));
    kept.refresh(UTC);
    assertThat(kept.aggregates("daily"))
        .contains("2026-11-01 2 120 110 130 130 30 30.00", "2026-11-02 2 140 120 160 160 30 23.08");
    assertThat(kept.aggregates("monthly")).contains("2026-11-01 4 130 110 160 160 60 60.00");
    assertThat(
            kept.register()
                .one(
                    "SELECT last_bytes FROM instance_size_aggregates WHERE period = 'monthly' AND"
                        + " period_start = '2026-11-01' AND instance_id = "
                        + kept.instance(),
                    Long.class))
        .isEqualTo(160);
  }

  @Test
  void theLastMonthOfAQuarterHasItsChangeAndAGapHasNone() {
    for (String month : List.of("2026-01", "2026-02", "2026-03", "2026-05")) {
      kept.apply(
          kept.only(
              at(month + "-15T04:00:00Z"), size("shop", 100 * Long.parseLong(month.substring(6)))));
    }
    kept.refresh(UTC);

    assertThat(kept.aggregates("monthly"))
        .containsExactly(
            "2026-01-01 1 100 100 100 100 null null",
            "2026-02-01 1 200 200 200 200 100 100.00",
            "2026-03-01 1 300 300 300 300 100 50.00",
            "2026-05-01 1 500 500 500 500 null null");
  }

  @Test
  void daysBeginInTheConfiguredZoneAlsoWhenTheClocksChange() {
    var berlin = new SizeProperties(ZoneId.of("Europe/Berlin"), 13, 61, Duration.ofSeconds(10));
    // 25 October 2026 has 25 hours in Berlin: 22:00 UTC of the 24th to 23:00 UTC of the 25th.
    for (String at :
        List.of(
            "2026-10-24T21:59:59Z",
            "2026-10-24T22:00:00Z",
            "2026-10-25T22:59:59Z",
            "2026-10-25T23:00:00Z")) {
      kept.apply(berlin, kept.only(at(at), size("shop", 1)), true, null);
    }
    kept.refresh(berlin);

    assertThat(kept.aggregates("daily").stream().map(row -> row.substring(0, 12)))
        .containsExactly("2026-10-24 1", "2026-10-25 2", "2026-10-26 1");
  }
}
