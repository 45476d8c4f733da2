package io.cadastre.contracts.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The gate: what was once published stays readable.
 *
 * <p>{@code frozen/} holds the schemas, {@code golden/} the messages of every release, headers and
 * all. Files there are added, never edited.
 */
class CompatibilityTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final URI SOURCE = URI.create("/cadastre/golden");
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  static Stream<Path> frozen() throws IOException {
    return files("frozen");
  }

  static Stream<Path> golden() throws IOException {
    return files("golden");
  }

  @ParameterizedTest
  @MethodSource("frozen")
  void todaysSchemaBreaksNobodyWhoReadsAPublishedOne(Path file) throws IOException {
    String type = typeOf(file);
    JsonNode current = JSON.readTree(MessageSchemas.text(MessageType.named(type).orElseThrow()));
    assertThat(SchemaEvolution.breaks(JSON.readTree(Files.readString(file)), current)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void todaysCodeReadsEveryMessageEverPublished(Path file) throws IOException {
    JsonNode golden = JSON.readTree(Files.readString(file));
    Envelope<Message> read = KafkaBinding.read(received(golden)).orElseThrow();
    assertThat(JSON.readTree(MessageJson.write(read.message()))).isEqualTo(golden.get("value"));
    assertThat(read.id()).hasToString(golden.at("/headers/ce_id").asString());
  }

  @Test
  void whatIsWrittenTodayIsWhatWasPublished() throws IOException {
    assertGolden("full", Samples.full());
    assertGolden("minimal", Samples.minimal());
  }

  @Test
  void everyPublishedTypeIsFrozen() throws IOException {
    assertThat(frozen().map(CompatibilityTest::typeOf).distinct())
        .containsExactlyInAnyOrderElementsOf(
            MessageType.all().stream().map(MessageType::name).toList());
  }

  /** {@code frozen/<Type>.v1/<n>.json}. */
  private static String typeOf(Path frozen) {
    return "io.cadastre." + RESOURCES.relativize(frozen).getName(1);
  }

  /** As {@code sha256sum} writes it; a line is added with each file, and none is changed. */
  @Test
  void whatWasPublishedIsNeverEdited() throws IOException {
    List<String> now =
        Stream.concat(frozen(), golden())
            .map(file -> sha256(file) + "  " + RESOURCES.relativize(file))
            .toList();
    assertThat(now)
        .containsExactlyInAnyOrderElementsOf(
            Files.readAllLines(RESOURCES.resolve("published.sha256")));
  }

  private static String sha256(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }

  @Test
  void theGateRefusesWhatWouldBreakAReader() {
    String text = MessageSchemas.text(MessageType.of(Samples.full().get(1)));
    JsonNode published = JSON.readTree(text);
    assertThat(SchemaEvolution.breaks(published, published)).isEmpty();
    assertThat(changed(text, root -> properties(root).remove("failed_at"))).isNotEmpty();
    assertThat(changed(text, root -> ((ArrayNode) root.get("required")).add("later"))).isNotEmpty();
    assertThat(changed(text, root -> ((ArrayNode) root.get("required")).remove(0))).isNotEmpty();
    assertThat(
            changed(
                text,
                root -> ((ObjectNode) properties(root).get("failed_at")).put("type", "integer")))
        .isNotEmpty();
    assertThat(changed(text, root -> root.put("additionalProperties", true))).isNotEmpty();
    for (String keyword : List.of("pattern", "const", "format")) {
      assertThat(
              changed(
                  text, root -> ((ObjectNode) properties(root).get("failed_at")).put(keyword, "x")))
          .as(keyword)
          .isNotEmpty();
    }
    assertThat(
            changed(
                text,
                root ->
                    ((ObjectNode) root.at("/$defs/failure/properties/message"))
                        .put("maxLength", 9)))
        .as("nested")
        .isNotEmpty();
    String command = MessageSchemas.text(MessageType.of(Samples.full().getLast()));
    String tlsModes = "/$defs/instance/properties/tls_mode/enum";
    assertThat(changed(command, root -> ((ArrayNode) root.at(tlsModes)).add("later"))).isNotEmpty();
    assertThat(
            changed(
                text,
                root -> ((ArrayNode) root.at("/$defs/failure/properties/code/enum")).remove(0)))
        .isNotEmpty();
  }

  @Test
  void theGateAllowsWhatBreaksNobody() {
    String text = MessageSchemas.text(MessageType.of(Samples.full().get(1)));
    assertThat(changed(text, root -> properties(root).putObject("later").put("type", "string")))
        .isEmpty();
    assertThat(
            changed(
                text,
                root ->
                    ((ArrayNode) root.at("/$defs/failure/properties/code/enum")).add("eclipse")))
        .isEmpty();
    assertThat(changed(text, root -> root.put("description", "said better"))).isEmpty();
    String command = MessageSchemas.text(MessageType.of(Samples.full().getLast()));
    for (String type : List.of(text, command)) {
      assertThat(changed(type, root -> ((ArrayNode) root.at("/$defs/engine/enum")).add("oracle")))
          .as("an engine, which readers that do not know it pass over")
          .isEmpty();
    }
  }

  private static List<String> changed(String text, java.util.function.Consumer<ObjectNode> change) {
    ObjectNode current = (ObjectNode) JSON.readTree(text);
    change.accept(current);
    return SchemaEvolution.breaks(JSON.readTree(text), current);
  }

  private static ObjectNode properties(ObjectNode root) {
    return (ObjectNode) root.get("properties");
  }

  /** A file that is not there yet is written, for its author to look at and to commit. */
  private static void assertGolden(String kind, List<Message> messages) throws IOException {
    for (Message message : messages) {
      String name = message.getClass().getSimpleName() + ".v1." + kind + ".json";
      Path file = RESOURCES.resolve("golden").resolve(name);
      String written =
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(sent(message)) + "\n";
      if (Files.notExists(file)) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, written);
        throw new AssertionError(
            file + " was missing; it is written now, look at it and commit it");
      }
      assertThat(Files.readString(file)).as(name).isEqualTo(written);
    }
  }

  private static ObjectNode sent(Message message) {
    ProducerRecord<byte[], byte[]> written =
        KafkaBinding.write(Envelope.of(message, SOURCE, Samples.AT, TRACE));
    ObjectNode golden = JSON.createObjectNode();
    golden.put("topic", written.topic());
    golden.put("key", new String(written.key(), UTF_8));
    ObjectNode headers = golden.putObject("headers");
    written
        .headers()
        .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
    golden.set("value", JSON.readTree(written.value()));
    return golden;
  }

  private static ConsumerRecord<byte[], byte[]> received(JsonNode golden) {
    ConsumerRecord<byte[], byte[]> received =
        new ConsumerRecord<>(
            golden.get("topic").asString(),
            0,
            0,
            golden.get("key").asString().getBytes(UTF_8),
            JSON.writeValueAsBytes(golden.get("value")));
    golden
        .get("headers")
        .properties()
        .forEach(header ->
            received.headers().add(header.getKey(), header.getValue().asString().getBytes(UTF_8)));
    return received;
  }

  private static Stream<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(RESOURCES.resolve(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    }
  }
}
