package io.cadastre.gateway.idempotency;

import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A POST with an {@code Idempotency-Key} that a user sent before gets the answer it got then, as
 * the IETF's draft of that header has it. Kept for a day are successes; what was refused changed
 * nothing and may be sent again.
 *
 * <p>A gateway that dies after the work and before it kept the answer does not remember it: the
 * request is then worked on again, two minutes later at the earliest.
 */
@Component
@Order(IdempotencyFilter.AFTER_SECURITY)
final class IdempotencyFilter implements WebFilter {

  static final int AFTER_SECURITY = 0;

  private static final Logger LOG = LoggerFactory.getLogger(IdempotencyFilter.class);
  private static final String KEY = "Idempotency-Key";
  private static final String REPLAYED = "Idempotent-Replayed";
  private static final int KEY_CHARACTERS_MAX = 255;
  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final Duration KEPT_FOR = Duration.ofDays(1);

  private final IdempotencyKeys keys;
  private final Clock clock;

  IdempotencyFilter(IdempotencyKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    String key = exchange.getRequest().getHeaders().getFirst(KEY);
    if (key == null || !exchange.getRequest().getMethod().equals(HttpMethod.POST)) {
      return chain.filter(exchange);
    }
    requireKey(key);
    return caller()
        .flatMap(caller ->
            body(exchange.getRequest())
                .flatMap(body -> once(exchange, chain, caller.username(), key, body))
                .thenReturn(true))
        // Who is nobody has only routes that are open to all.
        .switchIfEmpty(Mono.defer(() -> chain.filter(exchange).thenReturn(true)))
        .then();
  }

  private static void requireKey(String key) {
    if (key.isEmpty()
        || key.length() > KEY_CHARACTERS_MAX
        || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw ProblemException.invalid(
          KEY, key, "1 to " + KEY_CHARACTERS_MAX + " visible ASCII characters");
    }
  }

  private static Mono<Caller> caller() {
    return ReactiveSecurityContextHolder.getContext()
        .mapNotNull(context -> context.getAuthentication())
        .mapNotNull(authentication -> authentication.getPrincipal())
        .ofType(Caller.class);
  }

  private static Mono<byte[]> body(ServerHttpRequest request) {
    return DataBufferUtils.join(request.getBody(), BODY_BYTES_MAX)
        .map(whole -> {
          byte[] bytes = new byte[whole.readableByteCount()];
          whole.read(bytes);
          DataBufferUtils.release(whole);
          return bytes;
        })
        .defaultIfEmpty(new byte[0]);
  }

  private Mono<Void> once(
      ServerWebExchange exchange, WebFilterChain chain, String username, String key, byte[] body) {
    return keys.claim(username, key, hash(exchange.getRequest(), body))
        .flatMap(claim ->
            switch (claim) {
              case Claim.First _ -> toTheEnd(work(exchange, chain, username, key, body));
              case Claim.Answered(Answer answer) -> replay(exchange.getResponse(), answer);
              case Claim.Running _ ->
                  Mono.error(() ->
                      ProblemException.conflict(
                              KEY + ": the request with this key is still being worked on")
                          .retryAfter(Duration.ofSeconds(1)));
              case Claim.Taken _ ->
                  Mono.error(() ->
                      ProblemException.of(
                          ProblemKind.IDEMPOTENCY_KEY_REUSED,
                          KEY + ": " + key + " stands for another request"));
            });
  }

  /** Whether or not the client is there to hear the answer. */
  private static Mono<Void> toTheEnd(Mono<Void> work) {
    return Mono.deferContextual(
        context -> Mono.fromFuture(work.contextWrite(context).toFuture(), true));
  }

  private Mono<Void> work(
      ServerWebExchange exchange, WebFilterChain chain, String username, String key, byte[] body) {
    RecordedResponse response = new RecordedResponse(exchange.getResponse());
    ServerWebExchange recorded =
        exchange.mutate().request(again(exchange, body)).response(response).build();
    return chain
        .filter(recorded)
        .then(
            Mono.defer(() ->
                response.isSuccess()
                    ? keys.answered(username, key, response.answer(!isShownOnce(recorded)))
                    : keys.giveUp(username, key)))
        .onErrorResume(failure -> keys.giveUp(username, key).then(Mono.error(failure)));
  }

  /** The request with the body that was read. */
  private static ServerHttpRequest again(ServerWebExchange exchange, byte[] body) {
    return new ServerHttpRequestDecorator(exchange.getRequest()) {
      @Override
      public Flux<DataBuffer> getBody() {
        return body.length == 0
            ? Flux.empty()
            : Flux.defer(() -> Flux.just(exchange.getResponse().bufferFactory().wrap(body)));
      }
    };
  }

  private static boolean isShownOnce(ServerWebExchange exchange) {
    Object handler = exchange.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
    return handler instanceof HandlerMethod method && method.hasMethodAnnotation(ShownOnce.class);
  }

  private static Mono<Void> replay(ServerHttpResponse response, Answer answer) {
    String body = answer.body();
    if (body == null) {
      return Mono.error(() ->
          ProblemException.conflict(
              KEY + ": this was done before, and what it made was shown once"));
    }
    response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
    answer.headers().forEach(response.getHeaders()::set);
    response.getHeaders().set(REPLAYED, "true");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
  }

  private static byte[] hash(ServerHttpRequest request, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(request.getURI().getRawPath().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return digest.digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Scheduled(initialDelayString = "PT7M", fixedDelayString = "PT1H")
  Mono<Void> forget() {
    return keys.removeBefore(clock.instant().minus(KEPT_FOR))
        .doOnError(failure -> LOG.warn("Old idempotency keys not removed, will try again", failure))
        .onErrorComplete()
        .then();
  }
}
