package io.cadastre.gateway.problem;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.core.JacksonException;

/** Ends a request with a problem; the message is for the caller to read, so it holds no secret. */
public final class ProblemException extends RuntimeException {

  private final ProblemKind kind;
  private final transient List<Violation> violations;
  private final transient HttpHeaders headers = new HttpHeaders();

  private ProblemException(
      ProblemKind kind, String detail, List<Violation> violations, @Nullable Throwable cause) {
    super(detail, cause);
    this.kind = kind;
    this.violations = List.copyOf(violations);
  }

  public static ProblemException of(ProblemKind kind, String detail) {
    return new ProblemException(kind, detail, List.of(), null);
  }

  /** 400 for one field. */
  public static ProblemException invalid(String field, @Nullable Object value, String allowed) {
    return invalid(List.of(new Violation(field, value, allowed)));
  }

  static ProblemException invalid(List<Violation> violations) {
    return new ProblemException(
        ProblemKind.INVALID_REQUEST,
        String.join("; ", violations.stream().map(Violation::toString).toList()),
        violations,
        null);
  }

  /** 400 for JSON that does not fit the type it is read as. */
  public static ProblemException unreadable(JacksonException json) {
    return UnreadableJson.problem(json);
  }

  /** 404 for an entity, for example {@code notFound("instance", 7)}. */
  public static ProblemException notFound(String entity, Object id) {
    return of(ProblemKind.NOT_FOUND, "there is no " + entity + " " + id);
  }

  /** 409 with the field that is in the way. */
  public static ProblemException conflict(String field, @Nullable Object value, String allowed) {
    Violation violation = new Violation(field, value, allowed);
    return new ProblemException(
        ProblemKind.CONFLICT, violation.toString(), List.of(violation), null);
  }

  /** 409 where no field is to blame. */
  public static ProblemException conflict(String detail) {
    return of(ProblemKind.CONFLICT, detail);
  }

  /** 503: the request may be sent again later as it is. */
  public static ProblemException unavailable(String dependency, Throwable cause) {
    return new ProblemException(
            ProblemKind.DEPENDENCY_UNAVAILABLE,
            dependency + " does not answer; try again",
            List.of(),
            cause)
        .retryAfter(Duration.ofSeconds(5));
  }

  /** Tells the caller when to come again. */
  public ProblemException retryAfter(Duration wait) {
    return header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.toSeconds())));
  }

  ProblemException header(String name, String value) {
    headers.set(name, value);
    return this;
  }

  public ProblemKind kind() {
    return kind;
  }

  List<Violation> violations() {
    return violations;
  }

  HttpHeaders headers() {
    return headers;
  }
}
