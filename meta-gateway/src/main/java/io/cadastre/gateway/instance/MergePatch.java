package io.cadastre.gateway.instance;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** RFC 7396: what is there is replaced, what is null goes, what is absent stays. */
final class MergePatch {

  private MergePatch() {}

  static ObjectNode apply(ObjectNode target, ObjectNode patch) {
    ObjectNode result = target.deepCopy();
    for (Map.Entry<String, JsonNode> change : patch.properties()) {
      String name = change.getKey();
      switch (change.getValue()) {
        case JsonNode gone when gone.isNull() -> result.remove(name);
        case ObjectNode inner ->
            result.set(
                name,
                apply(
                    result.get(name) instanceof ObjectNode there ? there : result.objectNode(),
                    inner));
        case JsonNode value -> result.set(name, value);
      }
    }
    return result;
  }
}
