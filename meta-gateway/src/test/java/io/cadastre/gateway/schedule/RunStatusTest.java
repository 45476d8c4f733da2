package io.cadastre.gateway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunStatusTest {

  @Test
  void saysHowARunEnded() {
    assertThat(RunStatus.of(0, 0, 0)).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(RunStatus.of(3, 0, 0)).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(RunStatus.of(2, 0, 1)).isEqualTo(RunStatus.COMPLETED_WITH_ERRORS);
    assertThat(RunStatus.of(0, 1, 1)).isEqualTo(RunStatus.COMPLETED_WITH_ERRORS);
    assertThat(RunStatus.of(0, 0, 3)).isEqualTo(RunStatus.FAILED);
  }
}
