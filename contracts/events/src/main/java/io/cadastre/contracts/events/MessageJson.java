package io.cadastre.contracts.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.Nulls;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of every message: snake_case, RFC 3339 times, nothing written for what is absent. */
public final class MessageJson {

  /**
   * Readers are open, a property or code that a newer writer added is passed over; but what is
   * there is of its type, no number for a text, no text for a number, and is there once: two
   * readers of a property that comes twice may each believe another.
   */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .addModule(WireTime.module())
          .build();

  private MessageJson() {}

  public static byte[] write(Object message) {
    return MAPPER.writeValueAsBytes(message);
  }

  /**
   * What is written there; never null.
   *
   * @throws IllegalArgumentException where it is not UTF-8, or the literal {@code null}
   */
  public static <T> T read(byte[] json, Class<T> type) {
    requireUtf8(json);
    @Nullable T value = MAPPER.readValue(json, type);
    if (value == null) {
      throw new IllegalArgumentException("data: null (allowed: an object)");
    }
    return value;
  }

  /** The JSON reader lets overlong forms pass, and takes a zero at the start for UTF-16 or 32. */
  private static void requireUtf8(byte[] json) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
      if (text.length() < 2 || (text.charAt(0) != 0 && text.charAt(1) != 0)) {
        return;
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("data is not UTF-8", e);
    }
    throw new IllegalArgumentException("data is not UTF-8");
  }
}
