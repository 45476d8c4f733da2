package io.cadastre.gateway.size;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForecastTest {

  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final long GB = 1_000_000_000;

  @Test
  void saysWhenTheCapacityIsReached() {
    Forecast forecast = forecast(growing(GB), 90 * GB, 100 * GB);

    assertThat(forecast.trendBytesPerDay()).isEqualTo(GB);
    assertThat(forecast.daysUntilLimit()).isEqualTo(10.0);
    assertThat(forecast.limitReachedAt()).isEqualTo(NOW.plus(Duration.ofDays(10)));
    assertThat(forecast.reason()).isNull();
  }

  @Test
  void aFullInstanceHasNoDaysLeftWhateverTheTrend() {
    assertThat(forecast(growing(GB), 100 * GB, 100 * GB).daysUntilLimit()).isZero();
    assertThat(forecast(growing(-GB), 120 * GB, 100 * GB).daysUntilLimit()).isZero();
    Forecast unknown = forecast(growing(GB).subList(0, 2), 120 * GB, 100 * GB);
    assertThat(unknown.daysUntilLimit()).isZero();
    assertThat(unknown.trendBytesPerDay()).isNull();
  }

  @Test
  void saysWhyThereIsNoDate() {
    assertThat(forecast(growing(GB), 90 * GB, null).reason())
        .isEqualTo(Forecast.Reason.NO_CAPACITY);
    assertThat(forecast(growing(-GB), 90 * GB, 100 * GB).reason())
        .isEqualTo(Forecast.Reason.NOT_GROWING);
    assertThat(forecast(growing(0), 90 * GB, 100 * GB).reason())
        .isEqualTo(Forecast.Reason.NO_CLEAR_TREND);
    assertThat(forecast(growing(1000), 90 * GB, 100 * GB).reason())
        .isEqualTo(Forecast.Reason.BEYOND_TEN_YEARS);
    Forecast young = forecast(growing(GB).subList(0, 2), 2 * GB, 100 * GB);
    assertThat(young.reason()).isEqualTo(Forecast.Reason.TOO_LITTLE_HISTORY);
    assertThat(young.explanation())
        .isEqualTo(
            "measured on 2 days over 1.0 days (needed: at least 5 over 4, since the last jump or"
                + " around it)");
    assertThat(young.confidence()).isEqualTo(Trend.Confidence.NONE);
  }

  private static Forecast forecast(List<SizePoint> points, long latest, @Nullable Long capacity) {
    return Forecast.of(Trend.of(points), latest, capacity, NOW);
  }

  private static List<SizePoint> growing(long perDay) {
    return IntStream.range(0, 30)
        .mapToObj(day ->
            new SizePoint(
                NOW.minus(Duration.ofDays(30)).plus(Duration.ofDays(day)), 60 * GB + day * perDay))
        .toList();
  }
}
