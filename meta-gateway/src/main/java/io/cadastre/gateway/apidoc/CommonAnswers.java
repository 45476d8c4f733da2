package io.cadastre.gateway.apidoc;

import io.cadastre.gateway.access.Open;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The problems that come from what stands around every route: its guard, the filters, the reading
 * of bodies. A fragment writes only those of its own, and its words go before these.
 */
final class CommonAnswers {

  private CommonAnswers() {}

  static void addTo(
      ObjectNode operation, String path, RequestMethod method, HandlerMethod handler) {
    Map<String, JsonNode> answers = new TreeMap<>();
    of(path, method, handler)
        .forEach((status, name) ->
            answers.put(
                status,
                JsonNodeFactory.instance
                    .objectNode()
                    .put("$ref", "#/components/responses/" + name)));
    operation
        .path("responses")
        .properties()
        .forEach(answer -> answers.put(answer.getKey(), answer.getValue()));
    operation.putObject("responses").setAll(answers);
  }

  private static Map<String, String> of(String path, RequestMethod method, HandlerMethod handler) {
    boolean open = handler.hasMethodAnnotation(Open.class);
    boolean changes = method != RequestMethod.GET;
    Map<String, String> answers = new TreeMap<>();
    answers.put("400", "invalid_request");
    answers.put("406", "not_acceptable");
    answers.put("500", "internal");
    answers.put("503", "unavailable");
    if (!open) {
      answers.put("401", "unauthenticated");
    }
    if (!open && (changes || needsMoreThanReading(handler))) {
      answers.put("403", "forbidden");
    }
    if (path.contains("{")) {
      answers.put("404", "not_found");
    }
    if (changes) {
      answers.put("413", "too_large");
    }
    if (!open && method == RequestMethod.POST) {
      answers.put("409", "conflict");
      answers.put("422", "idempotency_key_reused");
    }
    if (readsBody(handler)) {
      answers.put("415", "unsupported_media_type");
    }
    return answers;
  }

  private static boolean needsMoreThanReading(HandlerMethod handler) {
    RequiresRole required = handler.getMethodAnnotation(RequiresRole.class);
    return required == null || required.value() != Role.VIEWER;
  }

  private static boolean readsBody(HandlerMethod handler) {
    return Arrays.stream(handler.getMethodParameters())
        .anyMatch((MethodParameter each) -> each.hasParameterAnnotation(RequestBody.class));
  }
}
