package io.cadastre.contracts.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The JSON Schemas of the messages, 2020-12, as they ship in this jar under {@code
 * cadastre/schemas}.
 */
public final class MessageSchemas {

  private MessageSchemas() {}

  /** The schema of a type's data, as JSON. */
  public static String text(MessageType type) {
    String name = type.name().substring("io.cadastre.".length());
    String resource = "/cadastre/schemas/" + name + ".json";
    try (InputStream schema = MessageSchemas.class.getResourceAsStream(resource)) {
      if (schema == null) {
        throw new IllegalStateException("no schema " + resource);
      }
      return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
