package io.cadastre.gateway.problem;

import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Answers every failed request, whatever part of the gateway it failed in. */
@Component
@Order(ProblemHandler.BEFORE_SPRING_BOOT)
final class ProblemHandler implements WebExceptionHandler {

  static final int BEFORE_SPRING_BOOT = -2;

  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

  private final JsonMapper json;
  private final Supplier<UUID> ids;

  ProblemHandler(JsonMapper json, Supplier<UUID> ids) {
    this.json = json;
    this.ids = ids;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    if (exchange.getResponse().isCommitted()) {
      return Mono.error(failure);
    }
    String path = exchange.getRequest().getPath().value();
    ProblemException known = ProblemTable.of(failure);
    if (known == null) {
      return write(exchange.getResponse(), new HttpHeaders(), bug(exchange.getRequest(), failure));
    }
    String detail = String.valueOf(known.getMessage());
    if (known.kind().status() == HttpStatus.SERVICE_UNAVAILABLE) {
      LOG.warn(
          "{} {}: {}",
          exchange.getRequest().getMethod(),
          path,
          known.getCause() == null ? detail : known.getCause().toString());
    }
    return write(
        exchange.getResponse(),
        known.headers(),
        Problem.of(known.kind(), detail, path, known.violations()));
  }

  /** The log has everything, the answer only where to look. */
  private Problem bug(ServerHttpRequest request, Throwable failure) {
    String incident = ids.get().toString();
    String path = request.getPath().value();
    LOG.error("{} {} failed, incident {}", request.getMethod(), path, incident, failure);
    String detail = "this is a fault of the gateway; its log names incident " + incident;
    return Problem.of(ProblemKind.INTERNAL, detail, path, List.of()).withIncident(incident);
  }

  private Mono<Void> write(ServerHttpResponse response, HttpHeaders headers, Problem problem) {
    response.setRawStatusCode(problem.status());
    response.getHeaders().putAll(headers);
    if (problem.status() == HttpStatus.UNAUTHORIZED.value()) {
      // The session's cookie is no scheme of HTTP; this one a browser does not ask for by itself.
      response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    response.getHeaders().setCacheControl("no-store");
    return response.writeWith(
        Mono.fromSupplier(() -> {
          byte[] body = json.writeValueAsBytes(problem);
          return response.bufferFactory().wrap(body);
        }));
  }
}
