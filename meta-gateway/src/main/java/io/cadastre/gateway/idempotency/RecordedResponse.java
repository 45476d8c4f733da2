package io.cadastre.gateway.idempotency;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes through, and remembers what was written. */
final class RecordedResponse extends ServerHttpResponseDecorator {

  private static final List<String> KEPT_HEADERS =
      List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.LOCATION, HttpHeaders.ETAG);

  private String body = "";

  RecordedResponse(ServerHttpResponse response) {
    super(response);
  }

  @Override
  public Mono<Void> writeWith(Publisher<? extends DataBuffer> content) {
    return DataBufferUtils.join(Flux.from(content))
        .flatMap(whole -> {
          byte[] bytes = new byte[whole.readableByteCount()];
          whole.read(bytes);
          DataBufferUtils.release(whole);
          body = new String(bytes, StandardCharsets.UTF_8);
          return super.writeWith(Mono.fromSupplier(() -> bufferFactory().wrap(bytes)));
        });
  }

  boolean isSuccess() {
    HttpStatusCode status = getStatusCode();
    return status == null || status.is2xxSuccessful();
  }

  Answer answer(boolean withBody) {
    HttpStatusCode status = getStatusCode();
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : KEPT_HEADERS) {
      String value = getHeaders().getFirst(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    return new Answer(status == null ? 200 : status.value(), headers, withBody ? body : null);
  }
}
