package io.cadastre.standalone.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cadastre.discovery.DiscoveryApplication;
import io.cadastre.gateway.GatewayApplication;
import io.cadastre.kv.KvStoreApplication;
import io.cadastre.size.SizeCollectorApplication;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Does by the Dockerfile's own lines what it says of each service, without Docker. */
class ContainerImageTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final int LIMIT_SECONDS = 120;

  private final String dockerfile;
  @TempDir Path folder;

  ContainerImageTest() throws IOException {
    dockerfile = Files.readString(ROOT.resolve("deploy/container/Dockerfile")).replace("\\\n", " ");
  }

  private record Ended(int exit, String said) {}

  /** Each with something that it answers to without any server. */
  static Stream<Arguments> services() {
    String noBroker = "--cadastre.kafka.bootstrap-servers=";
    String missing = "cadastre.kafka.bootstrap-servers: missing";
    return Stream.of(
        Arguments.of(KvStoreApplication.class, "--version", "cadastre kv-store-service: "),
        Arguments.of(GatewayApplication.class, "--cadastre.database.port=0", "must be greater"),
        Arguments.of(DiscoveryApplication.class, noBroker, missing),
        Arguments.of(SizeCollectorApplication.class, noBroker, missing));
  }

  @ParameterizedTest
  @MethodSource("services")
  void theImageHoldsAServiceThatStarts(Class<?> application, String argument, String answer)
      throws Exception {
    Path layers = folder.resolve("layers");
    Path image = Files.createDirectory(folder.resolve("image"));
    String takeApart = only("^RUN (java -Djarmode=tools .*)$").replace("/layers", "" + layers);
    assertThat(run(ROOT, serviceOf(application), takeApart))
        .satisfies(ended -> assertThat(ended.exit()).as(ended.said()).isZero());
    for (MatchResult copied : all("^COPY --from=layers /layers/(\\S+/) [.]/$").toList()) {
      Path layer = layers.resolve(copied.group(1));
      assertThat(run(layer, "", "cp -rl . '" + image + "'").exit()).as("%s", layer).isZero();
    }

    String entryPoint = only("^ENTRYPOINT \\[(.*)\\]$").replace(",", "");
    assertThat(run(image, "", entryPoint + " " + argument).said()).contains(answer);
  }

  /**
   * The folder of the service whose jar is on the class path; before they are packaged there is
   * none.
   */
  private static String serviceOf(Class<?> application) throws URISyntaxException {
    var jar = Path.of(application.getProtectionDomain().getCodeSource().getLocation().toURI());
    assumeTrue(Files.isRegularFile(jar), "an image holds packaged services: mvn verify");
    Path service = jar.resolve("../..").normalize();
    return ROOT.toAbsolutePath().normalize().relativize(service).toString();
  }

  private String only(String pattern) {
    var found = all(pattern).toList();
    assertThat(found).as(pattern).hasSize(1);
    return found.getFirst().group(1);
  }

  private Stream<MatchResult> all(String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(dockerfile).results();
  }

  private Ended run(Path directory, String service, String command)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile(folder, "said", ".txt");
    var shell = new ProcessBuilder("sh", "-c", command);
    shell.environment().put("SERVICE", service);
    String options = only("^ENV JAVA_TOOL_OPTIONS=\"(.*)\"$") + " -XX:TieredStopAtLevel=1";
    shell.environment().put("JAVA_TOOL_OPTIONS", options);
    shell
        .environment()
        .compute(
            "PATH",
            (_, others) ->
                Path.of(System.getProperty("java.home"), "bin") + File.pathSeparator + others);
    var process =
        shell
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(said));
  }
}
