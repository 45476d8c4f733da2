package io.cadastre.contracts.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What may change in a schema inside a version: optional properties may be added, codes may be
 * added where a reader has a default for unknown ones, engines may be added, texts may change. All
 * else breaks somebody.
 */
final class SchemaEvolution {

  private static final Set<String> COMPARED_BY_THEMSELVES =
      Set.of("enum", "required", "items", "properties", "$defs", "$ref");
  private static final Set<String> TEXTS =
      Set.of("description", "title", "examples", "$comment", "$id", "$schema");

  /** {@link Engine} says what a reader does that does not know one. */
  private static final Set<String> ENGINES = Set.of(".engine", ".instance.engine");

  private final JsonNode frozenRoot;
  private final JsonNode currentRoot;
  private final List<String> breaks = new ArrayList<>();

  private SchemaEvolution(JsonNode frozenRoot, JsonNode currentRoot) {
    this.frozenRoot = frozenRoot;
    this.currentRoot = currentRoot;
  }

  /** What in the current schema breaks readers or writers of the frozen one. */
  static List<String> breaks(JsonNode frozen, JsonNode current) {
    SchemaEvolution evolution = new SchemaEvolution(frozen, current);
    evolution.compare("", frozen, current);
    return evolution.breaks;
  }

  private void compare(String path, JsonNode frozenNode, JsonNode currentNode) {
    JsonNode frozen = resolved(frozenRoot, frozenNode);
    JsonNode current = resolved(currentRoot, currentNode);
    keywords(frozen, current).forEach(keyword -> same(path, keyword, frozen, current));
    codes(path, frozen, current);
    if (!texts(frozen.get("required")).equals(texts(current.get("required")))) {
      breaks.add(path + ": what is required has changed");
    }
    if (frozen.has("items")) {
      compare(path + "[]", frozen.get("items"), current.path("items"));
    }
    if (frozen.has("properties")) {
      for (String name : frozen.get("properties").propertyNames()) {
        if (!current.path("properties").has(name)) {
          breaks.add(path + "." + name + ": removed");
        } else {
          compare(
              path + "." + name,
              frozen.get("properties").get(name),
              current.get("properties").get(name));
        }
      }
    }
  }

  /** All but the texts, and those that are compared by themselves. */
  private static Set<String> keywords(JsonNode frozen, JsonNode current) {
    Set<String> keywords = new TreeSet<>(frozen.propertyNames());
    keywords.addAll(current.propertyNames());
    keywords.removeAll(COMPARED_BY_THEMSELVES);
    keywords.removeAll(TEXTS);
    return keywords;
  }

  private void same(String path, String keyword, JsonNode frozen, JsonNode current) {
    if (!frozen.path(keyword).equals(current.path(keyword))) {
      breaks.add(path + ": " + keyword + " has changed");
    }
  }

  private void codes(String path, JsonNode frozen, JsonNode current) {
    Set<String> before = texts(frozen.get("enum"));
    Set<String> now = texts(current.get("enum"));
    if (!now.containsAll(before)) {
      breaks.add(path + ": a code was removed");
    }
    if (!before.containsAll(now) && !before.contains("unknown") && !ENGINES.contains(path)) {
      breaks.add(path + ": a code was added where readers have no default");
    }
  }

  private static Set<String> texts(@Nullable JsonNode list) {
    return list == null
        ? Set.of()
        : list.valueStream().map(JsonNode::asString).collect(Collectors.toSet());
  }

  private static JsonNode resolved(JsonNode root, JsonNode node) {
    return node.has("$ref") ? root.at(node.get("$ref").asString().substring(1)) : node;
  }
}
