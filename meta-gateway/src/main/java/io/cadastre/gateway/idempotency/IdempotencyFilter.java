package io.cadastre.gateway.idempotency;

import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.Open;
import io.cadastre.gateway.database.DatabaseOutage;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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
import reactor.util.retry.Retry;

/**
 * A POST with an {@code Idempotency-Key} that a user sent before gets the answer it got then, as
 * the IETF's draft of that header has it. Kept for a day are successes; what was refused changed
 * nothing and may be sent again.
 *
 * <p>Whatever fails, the work is done once. The transaction of the work writes into the key's row
 * that it was committed ({@link KeyedTransactions}), and the key is freed only while that is not
 * there. The answer is kept after the commit and before the client hears it:
 *
 * <ul>
 *   <li>The database fails before the commit: the client gets 503; the request sent again is worked
 *       on, once the key is freed or the attempt counts as cut off.
 *   <li>It fails in the commit, so that nobody knows how it ended: the client gets 503, and when
 *       the database is back, the row tells.
 *   <li>It fails after the commit, or the gateway dies: the client gets its success, if there is
 *       somebody left to say it. Keeping the answer is tried on for two minutes. Where it comes to
 *       nothing, the request sent again gets 409: it was done, and what came of it is to be looked
 *       up.
 * </ul>
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

  /** Two minutes and more of an outage. */
  private static final Retry THROUGH_AN_OUTAGE =
      Retry.backoff(30, Duration.ofMillis(200))
          .maxBackoff(Duration.ofSeconds(5))
          .filter(DatabaseOutage::is);

  /** The client waits no longer for what is written about its request; the writing goes on. */
  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(3);

  private final IdempotencyKeys keys;
  private final RequestMac macs;

  IdempotencyFilter(IdempotencyKeys keys, RequestMac macs) {
    this.keys = keys;
    this.macs = macs;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    List<String> given = exchange.getRequest().getHeaders().getOrEmpty(KEY);
    // Signing in again is harmless, and its answer is a secret; nobody's route is nobody's key.
    if (given.isEmpty()
        || !exchange.getRequest().getMethod().equals(HttpMethod.POST)
        || isRoute(exchange, Open.class)) {
      return chain.filter(exchange);
    }
    String key = checked(given);
    return caller()
        .flatMap(caller ->
            body(exchange.getRequest())
                .flatMap(body -> toTheEnd(once(exchange, chain, caller.username(), key, body)))
                .thenReturn(true))
        // Who is nobody has only routes that are open to all.
        .switchIfEmpty(Mono.defer(() -> chain.filter(exchange).thenReturn(true)))
        .then();
  }

  private static String checked(List<String> given) {
    String key = String.join(", ", given);
    if (key.isEmpty()
        || key.length() > KEY_CHARACTERS_MAX
        || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw ProblemException.invalid(
          KEY, key, "1 to " + KEY_CHARACTERS_MAX + " visible ASCII characters");
    }
    return key;
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
    return macs.of(exchange.getRequest(), body)
        .flatMap(mac -> keys.claim(username, key, mac))
        .flatMap(claim ->
            switch (claim) {
              case Claim.First(Attempt attempt) -> work(exchange, chain, attempt, body);
              case Claim.Answered(Answer answer) -> replay(exchange.getResponse(), answer);
              case Claim.Unanswered unanswered ->
                  Mono.error(() ->
                      ProblemException.of(
                          ProblemKind.ANSWER_NOT_KEPT,
                          "%s: the request with this key was done at %s, but its answer was not"
                                  .formatted(KEY, unanswered.committedAt())
                              + " kept; look up what came of it"));
              case Claim.Running _ ->
                  Mono.error(() ->
                      ProblemException.of(
                              ProblemKind.REQUEST_UNDER_WAY,
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
      ServerWebExchange exchange, WebFilterChain chain, Attempt attempt, byte[] body) {
    RecordedResponse response = new RecordedResponse(exchange.getResponse());
    ServerWebExchange recorded =
        exchange.mutate().request(again(exchange, body)).response(response).build();
    return chain
        .filter(recorded)
        .contextWrite(attempt::in)
        .onErrorResume(
            failure -> write(attempt, "given up", keys.giveUp(attempt)).then(Mono.error(failure)))
        .then(
            Mono.defer(() ->
                response.isSuccess()
                    ? write(
                        attempt,
                        "answered",
                        keys.answered(
                            attempt, response.answer(!isRoute(recorded, ShownOnce.class))))
                    : write(attempt, "given up", keys.giveUp(attempt))))
        .then(Mono.defer(response::send));
  }

  /** Not written, it changes nothing about what the client is told. */
  private static Mono<Void> write(Attempt attempt, String what, Mono<Void> statement) {
    Mono<Void> written =
        statement
            .retryWhen(THROUGH_AN_OUTAGE)
            .doOnError(failure ->
                LOG.warn(
                    "Not written that {} of {} was {}",
                    attempt.key(),
                    attempt.username(),
                    what,
                    failure))
            .onErrorComplete();
    return toTheEnd(written).timeout(WRITTEN_WITHIN, Mono.empty());
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

  private static boolean isRoute(ServerWebExchange exchange, Class<? extends Annotation> kind) {
    Object handler = exchange.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
    return handler instanceof HandlerMethod method && method.hasMethodAnnotation(kind);
  }

  private static Mono<Void> replay(ServerHttpResponse response, Answer answer) {
    String body = answer.body();
    if (body == null) {
      return Mono.error(() ->
          ProblemException.of(
              ProblemKind.ANSWER_NOT_KEPT,
              KEY + ": this was done before, and what it made was shown once"));
    }
    response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
    answer.headers().forEach(response.getHeaders()::set);
    response.getHeaders().set(REPLAYED, "true");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
  }

  @Scheduled(initialDelayString = "PT7M", fixedDelayString = "PT1H")
  Mono<Void> forget() {
    return keys.forget()
        .doOnError(failure -> LOG.warn("Old idempotency keys not removed, will try again", failure))
        .onErrorComplete()
        .then();
  }
}
