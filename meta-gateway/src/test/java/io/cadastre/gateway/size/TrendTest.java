package io.cadastre.gateway.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrendTest {

  private static final Instant START = Instant.parse("2026-03-02T04:00:00Z");
  private static final double MB = 1e6;
  private static final double GB = 1e9;

  @RepeatedTest(20)
  void findsTheSlopeUnderNoise(RepetitionInfo seed) {
    Random random = new Random(seed.getCurrentRepetition());
    Trend.Known trend =
        known(daily(60, day -> 100 * GB + day * 50 * MB + random.nextGaussian() * 30 * MB));

    assertThat(trend.slope().perDay()).isCloseTo(50 * MB, within(1.5 * MB));
    assertThat(trend.slope().low()).isLessThan(trend.slope().perDay());
    assertThat(trend.slope().high()).isGreaterThan(trend.slope().perDay());
    assertThat(trend.shifts()).isEmpty();
    assertThat(trend.confidence()).isEqualTo(Trend.Confidence.HIGH);
  }

  @RepeatedTest(20)
  void isNotFooledByATruncate(RepetitionInfo seed) {
    Random random = new Random(seed.getCurrentRepetition());
    List<SizePoint> points =
        daily(
            60,
            day ->
                100 * GB
                    + day * 50 * MB
                    - (day >= 35 ? 40 * GB : 0)
                    + random.nextGaussian() * 30 * MB);
    Trend.Known trend = known(points);

    assertThat(trend.slope().perDay()).isCloseTo(50 * MB, within(5 * MB));
    assertThat(trend.shifts()).hasSize(1);
    assertThat(trend.shifts().getFirst().at()).isEqualTo(points.get(35).at());
    assertThat(trend.shifts().getFirst().changeBytes() / GB).isCloseTo(-40, within(0.5));
  }

  @RepeatedTest(20)
  void isNotFooledByAnImport(RepetitionInfo seed) {
    Random random = new Random(seed.getCurrentRepetition());
    Trend.Known trend =
        known(
            daily(
                60,
                day ->
                    20 * GB
                        + day * 10 * MB
                        + (day >= 40 ? 30 * GB : 0)
                        + random.nextGaussian() * 5 * MB));

    assertThat(trend.slope().perDay()).isCloseTo(10 * MB, within(2 * MB));
    assertThat(trend.shifts()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {57, 58, 59})
  void goesOnWithTheOldSlopeRightAfterAJump(int jumpDay) {
    Trend.Known trend =
        known(daily(60, day -> 100 * GB + day * 50 * MB - (day >= jumpDay ? 60 * GB : 0)));

    assertThat(trend.slope().perDay()).isCloseTo(50 * MB, within(1 * MB));
    assertThat(trend.confidence()).isEqualTo(Trend.Confidence.LOW);
    assertThat(trend.shifts()).hasSize(1);
  }

  @Test
  void followsTheNewPaceOnceTheLastStretchIsLongEnough() {
    Trend.Known trend =
        known(daily(60, day -> day < 40 ? 100 * GB + day * 50 * MB : 30 * GB + day * 200 * MB));

    assertThat(trend.slope().perDay()).isCloseTo(200 * MB, within(1 * MB));
  }

  @Test
  void seesThroughSeveralJumps() {
    Trend.Known trend =
        known(
            daily(
                80,
                day ->
                    50 * GB
                        + day * 20 * MB
                        + (day >= 20 ? 25 * GB : 0)
                        - (day >= 50 ? 60 * GB : 0)));

    assertThat(trend.slope().perDay()).isCloseTo(20 * MB, within(1 * MB));
    assertThat(trend.shifts()).hasSize(2);
  }

  @RepeatedTest(10)
  void growthOnWorkingDaysOnlyIsTheMeanOfTheWeek(RepetitionInfo seed) {
    Random random = new Random(seed.getCurrentRepetition());
    double[] size = {100 * GB};
    Trend.Known trend =
        known(
            daily(
                63,
                day -> {
                  size[0] += day % 7 < 5 ? 70 * MB + random.nextGaussian() * 5 * MB : 0;
                  return size[0];
                }));

    assertThat(trend.slope().perDay()).isCloseTo(50 * MB, within(3 * MB));
    assertThat(trend.shifts()).isEmpty();
  }

  @Test
  void aPurgeEverySundayIsARhythmAndNoJump() {
    Trend.Known trend =
        known(daily(63, day -> 100 * GB + day % 7 * 2 * GB + Math.floor(day / 7.0) * 70 * MB));

    assertThat(trend.shifts()).isEmpty();
    assertThat(trend.slope().perDay()).isCloseTo(10 * MB, within(1 * MB));
  }

  @Test
  void aFlatLineHasNoTrendAndSaysSo() {
    Trend.Known trend = known(daily(60, _ -> 5 * GB));

    assertThat(trend.slope().perDay()).isZero();
    assertThat(trend.clear()).isFalse();
    assertThat(trend.confidence()).isEqualTo(Trend.Confidence.HIGH);
  }

  @Test
  void noiseAroundALevelIsNoClearTrend() {
    long unclear =
        IntStream.range(0, 100)
            .filter(seed -> {
              Random random = new Random(seed);
              return !known(daily(60, _ -> 100 * GB + random.nextGaussian() * 200 * MB)).clear();
            })
            .count();

    assertThat(unclear).as("of 100 seeds").isGreaterThanOrEqualTo(90);
  }

  @Test
  void oneOddMeasurementIsNeitherAJumpNorATrend() {
    Trend.Known trend =
        known(daily(60, day -> 100 * GB + day * 50 * MB + (day == 30 ? 80 * GB : 0)));

    assertThat(trend.slope().perDay()).isCloseTo(50 * MB, within(2 * MB));
    assertThat(trend.shifts()).isEmpty();
  }

  @Test
  void aSmallDatabaseIsNotCutAtEveryPage() {
    Trend.Known trend = known(daily(30, day -> 7_000_000 + Math.floor(day / 3.0) * 8192));

    assertThat(trend.shifts()).isEmpty();
    assertThat(trend.slope().perDay()).isCloseTo(8192 / 3.0, within(400.0));
  }

  @Test
  void tooFewDaysAreNoTrend() {
    assertThat(Trend.of(List.of())).isInstanceOf(Trend.Unknown.class);
    assertThat(Trend.of(daily(1, _ -> 5 * GB))).isInstanceOf(Trend.Unknown.class);
    assertThat(Trend.of(daily(4, day -> day * GB))).isInstanceOf(Trend.Unknown.class);
    assertThat(Trend.of(daily(5, day -> GB + day * MB))).isInstanceOf(Trend.Known.class);
    assertThat(Trend.of(daily(5, day -> day < 3 ? GB : 9 * GB)))
        .as("a jump in the middle of five days")
        .isInstanceOf(Trend.Unknown.class);
  }

  @Test
  void aGapOfWeeksDoesNotLookLikeAJump() {
    List<SizePoint> points = daily(90, day -> 100 * GB + day * 500 * MB);
    var withGap = new ArrayList<>(points.subList(0, 20));
    withGap.addAll(points.subList(60, 90));
    Trend.Known trend = known(withGap);

    assertThat(trend.shifts()).isEmpty();
    assertThat(trend.slope().perDay()).isCloseTo(500 * MB, within(1 * MB));
  }

  private static Trend.Known known(List<SizePoint> points) {
    return (Trend.Known) Trend.of(points);
  }

  private static List<SizePoint> daily(int days, IntToDoubleFunction bytes) {
    var points = new ArrayList<SizePoint>();
    for (int day = 0; day < days; day++) {
      points.add(
          new SizePoint(START.plus(Duration.ofDays(day)), Math.round(bytes.applyAsDouble(day))));
    }
    return points;
  }
}
