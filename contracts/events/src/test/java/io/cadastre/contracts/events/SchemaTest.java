package io.cadastre.contracts.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the published schemas against the records. */
class SchemaTest {

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  static Stream<Message> messages() {
    return Stream.concat(Samples.full().stream(), Samples.minimal().stream());
  }

  static Stream<MessageType> types() {
    return MessageType.all().stream();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void whatTheRecordsWriteIsWhatTheSchemaSays(Message message) {
    Schema schema = REGISTRY.getSchema(text(MessageType.of(message)), InputFormat.JSON);
    String json = new String(MessageJson.write(message), StandardCharsets.UTF_8);
    assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
  }

  @Test
  void aSchemaRefusesWhatIsNotDeclaredAndWhatIsMissing() {
    Message message = Samples.full().get(1);
    Schema schema = REGISTRY.getSchema(text(MessageType.of(message)), InputFormat.JSON);
    String json = new String(MessageJson.write(message), StandardCharsets.UTF_8);
    assertThat(
            schema.validate(
                json.replace("{\"instance_id\"", "{\"x\":1,\"instance_id\""), InputFormat.JSON))
        .isNotEmpty();
    assertThat(schema.validate(json.replace("\"instance_id\":7,", ""), InputFormat.JSON))
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("types")
  void aSchemaShowsAWholeMessageThatIsRight(MessageType type) {
    Schema schema = REGISTRY.getSchema(text(type), InputFormat.JSON);
    JsonNode examples = JsonMapper.shared().readTree(text(type)).path("examples");
    assertThat(examples).isNotEmpty();
    for (JsonNode example : examples) {
      assertThat(schema.validate(example.toString(), InputFormat.JSON)).isEmpty();
      Message read =
          MessageJson.read(example.toString().getBytes(StandardCharsets.UTF_8), type.record());
      assertThat(JsonMapper.shared().readTree(MessageJson.write(read))).isEqualTo(example);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyComponentIsInTheSchemaAndTheOtherWayRound(MessageType type) {
    JsonNode schema = JsonMapper.shared().readTree(text(type));
    compare(schema, schema, type.record());
  }

  private static void compare(JsonNode root, JsonNode schema, Class<?> record) {
    JsonNode properties = schema.get("properties");
    Set<String> declared = new TreeSet<>(properties.propertyNames());
    Set<String> required =
        schema.get("required").valueStream().map(JsonNode::asString).collect(Collectors.toSet());
    Set<String> components = new TreeSet<>();
    Set<String> mandatory = new TreeSet<>();
    for (RecordComponent component : record.getRecordComponents()) {
      String name = snake(component.getName());
      components.add(name);
      if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        mandatory.add(name);
      }
      Class<?> nested = nestedRecord(component);
      if (nested != null && declared.contains(name)) {
        compare(root, resolved(root, properties.get(name)), nested);
      }
    }
    assertThat(declared).as(record.getSimpleName()).isEqualTo(components);
    assertThat(required).as(record.getSimpleName()).isEqualTo(mandatory);
    assertThat(schema.get("additionalProperties").asBoolean()).isFalse();
  }

  private static @Nullable Class<?> nestedRecord(RecordComponent component) {
    Class<?> type = component.getType();
    if (Collection.class.isAssignableFrom(type)
        && component.getGenericType() instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] instanceof Class<?> element) {
      type = element;
    }
    return type.isRecord() ? type : null;
  }

  private static JsonNode resolved(JsonNode root, JsonNode property) {
    JsonNode node = property.has("items") ? property.get("items") : property;
    String reference = node.get("$ref").asString();
    return root.at(reference.substring(1));
  }

  private static String snake(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
  }

  private static String text(MessageType type) {
    return MessageSchemas.text(type);
  }

  @Test
  void everyTypeHasASchema() {
    List<String> ids =
        MessageType.all().stream()
            .map(type -> JsonMapper.shared().readTree(text(type)).get("$id").asString())
            .toList();
    assertThat(ids).hasSize(MessageType.all().size()).doesNotHaveDuplicates();
  }
}
