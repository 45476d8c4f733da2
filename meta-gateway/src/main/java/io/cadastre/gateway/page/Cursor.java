package io.cadastre.gateway.page;

import io.cadastre.gateway.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * The place in a list where a page ended: the values of its last row in the columns that order the
 * list. Callers see it as one opaque word.
 *
 * @param list which list in which order, for example {@code instances/name}; a cursor of another is
 *     refused
 * @param values of those columns, as text; null where the row has none
 */
public record Cursor(String list, List<@Nullable String> values) {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ALLOWED = "next_cursor of the page before, with the same sort";

  public Cursor {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  public static Cursor of(String list, @Nullable String... values) {
    return new Cursor(list, Arrays.asList(values));
  }

  /** As the answer carries it. */
  public String encode() {
    ArrayNode json = JSON.createArrayNode().add(list);
    values.forEach(json::add);
    byte[] utf8 = json.toString().getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(utf8);
  }

  /**
   * What {@code ?cursor=} says; empty where there is none. The values are the caller's to parse:
   * {@link #refuse} where one does not.
   *
   * @param size how many values it must have
   * @throws ProblemException with status 400
   */
  public static Optional<Cursor> decode(@Nullable String cursor, String list, int size) {
    if (cursor == null) {
      return Optional.empty();
    }
    JsonNode json = json(cursor);
    if (!json.isArray() || json.size() != size + 1 || !json.get(0).asString("").equals(list)) {
      throw refuse(cursor);
    }
    List<@Nullable String> values = new ArrayList<>();
    for (JsonNode value : json.values().stream().skip(1).toList()) {
      if (!value.isString() && !value.isNull()) {
        throw refuse(cursor);
      }
      values.add(value.isNull() ? null : value.stringValue());
    }
    return Optional.of(new Cursor(list, values));
  }

  private static JsonNode json(String cursor) {
    try {
      byte[] utf8 = Base64.getUrlDecoder().decode(cursor);
      return JSON.readTree(utf8);
    } catch (IllegalArgumentException | JacksonException e) {
      throw refuse(cursor);
    }
  }

  /** 400 for a cursor that no page of this list ended with. */
  public static ProblemException refuse(String cursor) {
    return ProblemException.invalid("cursor", cursor, ALLOWED);
  }
}
