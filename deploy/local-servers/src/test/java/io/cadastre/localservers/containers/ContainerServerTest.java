package io.cadastre.localservers.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
class ContainerServerTest {

  @Test
  void everyVersionStartsAndAnswers() {
    assumeTrue(
        ContainerServer.dockerAnswers(),
        "no Docker daemon answers on this machine: the versions that need one are not checked");
    assertThat(ContainerServer.ALL).allSatisfy(server -> assertThat(server.port()).isPositive());
  }
}
