package io.cadastre.gateway.apidoc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.DescribedApi;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Examples and defaults are as the schemas beside them say. */
@GatewayTest
class DocumentedExamplesTest {

  private final JsonNode document;
  private final DescribedApi api;
  private final List<String> wrong = new ArrayList<>();
  private int seen;

  DocumentedExamplesTest(Api api) {
    this.document = ServedDocument.of(api);
    this.api = new DescribedApi(document);
  }

  @Test
  void everyExampleFitsItsSchema() {
    visit("#", document);

    assertThat(seen).isGreaterThan(30);
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyJsonBodyHasAnExample() {
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation ->
                    operation
                        .getValue()
                        .path("requestBody")
                        .path("content")
                        .properties()
                        .forEach(body ->
                            assertThat(body.getValue().has("example"))
                                .as(
                                    "example of %s %s %s",
                                    operation.getKey(), path.getKey(), body.getKey())
                                .isTrue())));
  }

  private void visit(String place, JsonNode node) {
    if (node instanceof ObjectNode object) {
      if (object.has("schema")) {
        ofMedia(place, object);
      } else if (object.has("type") || object.has("$ref") || object.has("allOf")) {
        ofSchema(place, object);
      }
      object
          .properties()
          .forEach(each -> {
            // What YAML makes of a comma in a text without quotes.
            assertThat(each.getValue().isNull()).as(place + "/" + each.getKey()).isFalse();
            if (!each.getKey().equals("example") && !each.getKey().equals("examples")) {
              visit(place + "/" + each.getKey(), each.getValue());
            }
          });
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        visit(place + "/" + i, node.get(i));
      }
    }
  }

  /** Of a body or a parameter: one example, or several with names. */
  private void ofMedia(String place, ObjectNode media) {
    if (media.has("example")) {
      check(place, media.get("schema"), media.get("example"));
    }
    media.path("examples").forEach(each -> check(place, media.get("schema"), each.path("value")));
  }

  /** Of a schema: a list, and what stands for what is absent. */
  private void ofSchema(String place, ObjectNode schema) {
    if (schema.path("examples").isArray()) {
      schema.get("examples").forEach(each -> check(place, schema, each));
    }
    if (schema.has("default")) {
      check(place, schema, schema.get("default"));
    }
  }

  private void check(String place, JsonNode schema, JsonNode example) {
    seen++;
    api.errors(schema, example.toString())
        .forEach(error -> wrong.add(place + ": " + example + " " + error));
  }
}
