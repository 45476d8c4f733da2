package io.cadastre.size.measure;

import io.cadastre.testbed.ServerUnderTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract on other versions of the servers: {@code mvn -Pcontainers verify}. */
@Tag("containers")
@EnabledIf(
    value = "io.cadastre.localservers.containers.ContainerServer#dockerAnswers",
    disabledReason = "no Docker daemon answers on this machine")
@ParameterizedClass
@MethodSource("io.cadastre.testbed.ServerUnderTest#inContainers")
class ContainerSizeTest extends SizeContract {

  ContainerSizeTest(ServerUnderTest server) {
    super(server);
  }
}
