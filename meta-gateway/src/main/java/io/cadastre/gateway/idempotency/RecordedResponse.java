package io.cadastre.gateway.idempotency;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Holds an answer back until it is {@link #send sent}. It is whole even where the client was given
 * another meanwhile, because this one took too long.
 */
final class RecordedResponse extends ServerHttpResponseDecorator {

  private static final List<String> KEPT_HEADERS =
      List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.LOCATION, HttpHeaders.ETAG);

  private final HttpHeaders headers = new HttpHeaders();
  private HttpStatusCode status = HttpStatus.OK;
  private byte[] body = {};

  RecordedResponse(ServerHttpResponse response) {
    super(response);
  }

  @Override
  public boolean setStatusCode(@Nullable HttpStatusCode code) {
    status = code == null ? HttpStatus.OK : code;
    return true;
  }

  @Override
  public boolean setRawStatusCode(@Nullable Integer code) {
    return setStatusCode(code == null ? null : HttpStatusCode.valueOf(code));
  }

  @Override
  public HttpStatusCode getStatusCode() {
    return status;
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }

  @Override
  public Mono<Void> writeWith(Publisher<? extends DataBuffer> content) {
    return DataBufferUtils.join(Flux.from(content))
        .doOnNext(whole -> {
          body = new byte[whole.readableByteCount()];
          whole.read(body);
          DataBufferUtils.release(whole);
        })
        .then();
  }

  @Override
  public Mono<Void> writeAndFlushWith(
      Publisher<? extends Publisher<? extends DataBuffer>> content) {
    return writeWith(Flux.from(content).concatMap(part -> part));
  }

  @Override
  public Mono<Void> setComplete() {
    return Mono.empty();
  }

  boolean isSuccess() {
    return status.is2xxSuccessful();
  }

  Answer answer(boolean withBody) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (String name : KEPT_HEADERS) {
      String value = headers.getFirst(name);
      if (value != null) {
        kept.put(name, value);
      }
    }
    String text = withBody ? new String(body, StandardCharsets.UTF_8) : null;
    return new Answer(status.value(), kept, text);
  }

  Mono<Void> send() {
    ServerHttpResponse client = getDelegate();
    if (client.isCommitted()) {
      return Mono.empty();
    }
    client.setStatusCode(status);
    client.getHeaders().putAll(headers);
    return body.length == 0
        ? client.setComplete()
        : client.writeWith(Mono.fromSupplier(() -> client.bufferFactory().wrap(body)));
  }
}
