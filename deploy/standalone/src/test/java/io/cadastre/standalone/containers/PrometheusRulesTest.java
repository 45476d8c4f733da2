package io.cadastre.standalone.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class PrometheusRulesTest {
  private static final Path FOLDER = Path.of("..", "prometheus");

  @Test
  void everyAlertSaysWhatItMeansAndWhatToDo() throws IOException {
    Map<String, List<Map<String, Object>>> file =
        new Yaml().load(Files.readString(FOLDER.resolve("rules.yml")));
    List<?> rules = (List<?>) Objects.requireNonNull(file.get("groups")).getFirst().get("rules");
    assertThat(rules)
        .isNotEmpty()
        .allSatisfy(rule -> {
          Object annotations = ((Map<?, ?>) rule).get("annotations");
          assertThat(annotations).asString().contains("summary=", "description=", "runbook=");
        });
  }

  @Test
  void everyAlertFiresWhenItShouldAndNotOtherwise() throws IOException, InterruptedException {
    assumeTrue(isInstalled(), "no promtool on the PATH (Debian: prometheus)");
    run("check", "config", "prometheus.yml");
    run("check", "rules", "rules.yml");
    run("test", "rules", "rules_test.yml");
  }

  private static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
  }

  private static void run(String... arguments) throws IOException, InterruptedException {
    var command = Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList();
    var process =
        new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
  }
}
