package io.cadastre.gateway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SpreadTest {

  private static final Duration WINDOW = Duration.ofMinutes(30);

  @Test
  void anInstanceKeepsItsPlace() {
    assertThat(Spread.of(7, WINDOW)).isEqualTo(Spread.of(7, WINDOW)).isLessThan(WINDOW);
  }

  @Test
  void neighbouringIdsFillTheWindowEvenly() {
    var perMinute =
        LongStream.rangeClosed(1, 3000)
            .boxed()
            .collect(
                Collectors.groupingBy(
                    id -> Spread.of(id, WINDOW).toMinutes(), Collectors.counting()));

    assertThat(perMinute).hasSize(30);
    assertThat(perMinute.values()).allSatisfy(count -> assertThat(count).isBetween(50L, 150L));
  }

  @Test
  void withoutAWindowAllStartAtOnce() {
    assertThat(Spread.of(7, Duration.ZERO)).isZero();
  }
}
