package io.cadastre.gateway.apidoc;

import io.cadastre.gateway.access.RequiresRole;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document: each feature describes its own routes in {@code openapi/<feature>.yaml};
 * here they are put together, and each operation is told the role it needs and the problems that
 * any such route may answer, from where these are enforced.
 */
final class ApiDocument {

  private static final String FRAGMENTS = "classpath:/openapi/*.yaml";
  private static final String ROLE = "x-role";
  private static final JsonMapper JSON = JsonMapper.shared();

  private ApiDocument() {}

  static byte[] of(RequestMappingHandlerMapping routes) {
    ObjectNode document = merged();
    routes.getHandlerMethods().forEach((route, method) -> complete(document, route, method));
    return JSON.writeValueAsBytes(document);
  }

  private static ObjectNode merged() {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    try {
      ObjectNode document = JSON.createObjectNode();
      for (Resource fragment : fragments()) {
        try (InputStream yaml = fragment.getInputStream()) {
          Object content = new Yaml(new SafeConstructor(strict)).load(yaml);
          merge(document, JSON.valueToTree(content), String.valueOf(fragment.getFilename()));
        }
      }
      return document;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is about all of the API comes first. */
  private static List<Resource> fragments() throws IOException {
    return Arrays.stream(new PathMatchingResourcePatternResolver().getResources(FRAGMENTS))
        .sorted(Comparator.comparing(resource -> String.valueOf(resource.getFilename())))
        .sorted(Comparator.comparing(resource -> !"api.yaml".equals(resource.getFilename())))
        .toList();
  }

  private static void merge(ObjectNode into, JsonNode from, String fragment) {
    from.properties()
        .forEach(property -> {
          JsonNode present = into.get(property.getKey());
          if (present == null) {
            into.set(property.getKey(), property.getValue());
          } else if (present instanceof ObjectNode object && property.getValue().isObject()) {
            merge(object, property.getValue(), fragment);
          } else {
            throw new IllegalStateException(
                "%s says %s again".formatted(fragment, property.getKey()));
          }
        });
  }

  private static void complete(
      ObjectNode document, RequestMappingInfo route, HandlerMethod handler) {
    for (PathPattern pattern : route.getPatternsCondition().getPatterns()) {
      String path = ApiPaths.documented(pattern.getPatternString());
      for (RequestMethod method : route.getMethodsCondition().getMethods()) {
        String verb = method.name().toLowerCase(Locale.ROOT);
        if (document.path("paths").path(path).path(verb) instanceof ObjectNode operation) {
          RequiresRole required = handler.getMethodAnnotation(RequiresRole.class);
          if (required != null) {
            operation.put(ROLE, required.value().word());
          }
          CommonAnswers.addTo(operation, path, method, handler);
        }
      }
    }
  }
}
