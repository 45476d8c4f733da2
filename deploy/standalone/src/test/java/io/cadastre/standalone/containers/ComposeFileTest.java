package io.cadastre.standalone.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.yaml.snakeyaml.Yaml;

class ComposeFileTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern PINNED = Pattern.compile("[a-z0-9./-]+:v?[0-9]+[.][0-9]+[^:]*");
  private static final Set<String> OURS = Set.of("gateway", "discovery", "size-collector");
  private static final Set<String> KEY_VALUE_STORE = Set.of("kv-1", "kv-2", "kv-3");

  /** Settings of Spring Boot and of the image, beside the ones our own records bind. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of("SPRING_CONFIG_IMPORT", "LOGGING_STRUCTURED_FORMAT_CONSOLE", "PROBE_URL");

  private final Map<String, Map<String, Object>> services;

  ComposeFileTest() throws IOException {
    Map<String, Object> file =
        new Yaml().load(Files.readString(ROOT.resolve("docker-compose.yml")));
    services = cast(file.get("services"));
  }

  @Test
  void everyImageHasAVersion() throws IOException {
    assertThat(services.values())
        .allSatisfy(service -> assertThat((String) service.get("image")).matches(PINNED));
    String dockerfile = Files.readString(ROOT.resolve("deploy/container/Dockerfile"));
    assertThat(dockerfile.lines().filter(line -> line.startsWith("FROM ")))
        .extracting(line -> line.split(" ", 3)[1])
        .filteredOn(image -> !image.equals("build"))
        .hasSize(2)
        .allSatisfy(image -> assertThat(image).matches(PINNED));
    assertThat(dockerfile.lines()).contains("USER 10001:10001");
  }

  @Test
  void portsAreOnTheLoopbackAddressOnly() {
    assertThat(services.values())
        .flatExtracting(service -> strings(service.get("ports")))
        .isNotEmpty()
        .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"));
  }

  @Test
  void everyVariableIsOneTheServicesKnow() throws ClassNotFoundException {
    var known =
        new KnownProperties()
            .names().stream().map(KnownProperties::variable).collect(Collectors.toSet());
    assertThat(known).contains("CADASTRE_DATABASE_HOST", "CADASTRE_ACCOUNT_SIGNIN_WAITMAX");
    for (String name : OURS) {
      assertThat(environment(name).keySet())
          .as(name)
          .allMatch(variable -> known.contains(variable) || OTHER_VARIABLES.contains(variable));
    }
  }

  @Test
  void secretsAreMountedOnlyWhereTheyAreUsed() {
    assertThat(mounting("private-keyset"))
        .containsExactlyInAnyOrder("keysets", "discovery", "size-collector");
    assertThat(mounting("public-keyset")).containsExactlyInAnyOrder("keysets", "gateway");
    assertThat(mounting("roles")).containsExactlyInAnyOrder("secrets", "postgres", "gateway");
    assertThat(mounting("console")).containsExactlyInAnyOrder("secrets", "gateway");
    assertThat(mounting("database")).containsExactlyInAnyOrder("secrets", "postgres");
    for (String name : OURS) {
      assertThat(strings(service(name).get("volumes")))
          .as(name)
          .allMatch(volume -> volume.endsWith(":ro"));
    }
  }

  @Test
  void noPasswordIsInTheFile() {
    assertThat(services.values())
        .flatExtracting(service ->
            ComposeFileTest.<Map<String, Object>>cast(service.getOrDefault("environment", Map.of()))
                .keySet())
        .filteredOn(variable -> variable.contains("PASSWORD"))
        .allMatch(variable -> variable.endsWith("_FILE"));
  }

  @Test
  void workersDoNotReachTheMetadata() {
    assertThat(inNetwork("metadata")).containsExactlyInAnyOrder("gateway", "postgres");
    assertThat(inNetwork("instances")).containsExactlyInAnyOrder("discovery", "size-collector");
  }

  @Test
  void membersOfTheKeyValueStoreKnowEachOther() {
    assertThat(inNetwork("keys")).containsExactlyInAnyOrderElementsOf(KEY_VALUE_STORE);
    String cluster =
        KEY_VALUE_STORE.stream()
            .sorted()
            .map(name -> name + "=http://" + name + ":2380")
            .collect(Collectors.joining(","));
    for (String name : KEY_VALUE_STORE) {
      assertThat(strings(service(name).get("command")))
          .as(name)
          .contains(
              "--name=" + name,
              "--initial-cluster=" + cluster,
              "--initial-advertise-peer-urls=http://" + name + ":2380");
      String port = strings(service(name).get("ports")).getFirst().replaceFirst(":2379$", "");
      assertThat(strings(service(name).get("command")))
          .contains("--advertise-client-urls=http://" + port);
      assertThat(strings(service(name).get("volumes"))).containsExactly(name + "-data:/data");
    }
  }

  @Test
  void ourServicesMayDoLittle() {
    for (String name : ours()) {
      assertThat(service(name))
          .as(name)
          .containsEntry("user", "10001:10001")
          .containsEntry("read_only", true)
          .containsEntry("cap_drop", List.of("ALL"))
          .containsEntry("security_opt", List.of("no-new-privileges:true"))
          .containsKey("mem_limit");
      assertThat(environment(name)).containsKey("PROBE_URL");
    }
  }

  @Test
  void theGatewayReadsItsSecretsFromFiles(@TempDir Path folder) throws IOException {
    String script = Files.readString(ROOT.resolve("deploy/container/secrets.sh"));
    var files =
        Pattern.compile("/secrets/(?:roles|console)/(cadastre[^\\s]+)")
            .matcher(script)
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(files).hasSize(3);
    for (String file : files) {
      Files.writeString(folder.resolve(file), "the secret of " + file);
    }
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "import", Map.of("spring.config.import", "configtree:" + folder + "/")));
    ConfigDataEnvironmentPostProcessor.applyTo(environment);
    assertThat(files)
        .allSatisfy(
            file -> assertThat(environment.getProperty(file)).isEqualTo("the secret of " + file));
  }

  @Test
  void everyFileThatIsMountedIsThere() {
    var mounted =
        services.values().stream()
            .flatMap(service -> strings(service.get("volumes")).stream())
            .filter(volume -> volume.startsWith("./"))
            .map(volume -> ROOT.resolve(volume.split(":", 2)[0]))
            .toList();
    assertThat(mounted).isNotEmpty().allMatch(Files::exists);
  }

  private static List<String> ours() {
    return Stream.concat(OURS.stream(), KEY_VALUE_STORE.stream()).toList();
  }

  private Stream<String> mounting(String volume) {
    return services.entrySet().stream()
        .filter(service ->
            strings(service.getValue().get("volumes")).stream()
                .anyMatch(mount -> mount.startsWith(volume + ":")))
        .map(Map.Entry::getKey);
  }

  private Stream<String> inNetwork(String network) {
    return services.entrySet().stream()
        .filter(service -> strings(service.getValue().get("networks")).contains(network))
        .map(Map.Entry::getKey);
  }

  private Map<String, Object> service(String name) {
    return Objects.requireNonNull(services.get(name), name);
  }

  private Map<String, Object> environment(String name) {
    return cast(service(name).getOrDefault("environment", Map.of()));
  }

  private static List<String> strings(@Nullable Object list) {
    return list == null ? List.of() : cast(list);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T cast(@Nullable Object value) {
    return (T) Objects.requireNonNull(value);
  }
}
