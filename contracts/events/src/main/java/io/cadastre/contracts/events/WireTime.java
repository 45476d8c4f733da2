package io.cadastre.contracts.events;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * Moments in messages: RFC 3339 text, years of four digits, whole microseconds.
 *
 * <p>Clocks tick finer, databases keep no more. Cut off here, on the way out and on the way in, a
 * moment is the same one in the message, in the register and in every comparison between them;
 * rounded by each of them in its own way, the last moment of a month would be in two months.
 */
final class WireTime {

  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant BEYOND = Instant.parse("+10000-01-01T00:00:00Z");

  private WireTime() {}

  static SimpleModule module() {
    return new SimpleModule("wire-time")
        .addSerializer(Instant.class, new Writer())
        .addDeserializer(Instant.class, new Reader());
  }

  private static final class Writer extends StdScalarSerializer<Instant> {

    Writer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant moment, JsonGenerator json, SerializationContext context) {
      json.writeString(moment.truncatedTo(ChronoUnit.MICROS).toString());
    }
  }

  private static final class Reader extends StdScalarDeserializer<Instant> {

    Reader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) {
      if (!json.hasToken(JsonToken.VALUE_STRING)) {
        return (Instant) context.handleUnexpectedToken(context.constructType(Instant.class), json);
      }
      String text = json.getString();
      try {
        Instant moment = Instant.parse(text);
        if (!moment.isBefore(FIRST) && moment.isBefore(BEYOND)) {
          return moment.truncatedTo(ChronoUnit.MICROS);
        }
      } catch (DateTimeException e) {
        throw context.weirdStringException(text, Instant.class, e.getMessage());
      }
      throw context.weirdStringException(text, Instant.class, "allowed: years 0000 to 9999");
    }
  }
}
