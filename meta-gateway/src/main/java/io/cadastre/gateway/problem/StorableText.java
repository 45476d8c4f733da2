package io.cadastre.gateway.problem;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Refuses what PostgreSQL keeps in no text: the character NUL, and half of a surrogate pair; and
 * numbers where a text belongs. One check for all that comes in, so that no feature has to think of
 * it.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 200)
final class StorableText extends SimpleModule implements WebFilter {

  StorableText() {
    super("storable-text");
    addDeserializer(String.class, new Text());
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return exchange.getRequest().getURI().toString().contains("%00")
        ? Mono.error(
            () -> ProblemException.invalid("address", null, "no character NUL in path or query"))
        : chain.filter(exchange);
  }

  private static final class Text extends StdScalarDeserializer<String> {

    Text() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (String) context.handleUnexpectedToken(context.constructType(String.class), parser);
      }
      String text = parser.getString();
      return isStorable(text)
          ? text
          : (String) context.handleWeirdStringValue(String.class, "", "not storable as text");
    }

    private static boolean isStorable(String text) {
      return text.codePoints().noneMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF));
    }
  }
}
