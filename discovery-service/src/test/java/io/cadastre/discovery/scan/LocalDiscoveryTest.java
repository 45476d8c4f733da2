package io.cadastre.discovery.scan;

import io.cadastre.testbed.ServerUnderTest;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract on the servers that run without Docker. */
@ParameterizedClass
@MethodSource("io.cadastre.testbed.ServerUnderTest#available")
class LocalDiscoveryTest extends DiscoveryContract {

  LocalDiscoveryTest(ServerUnderTest server) {
    super(server);
  }
}
