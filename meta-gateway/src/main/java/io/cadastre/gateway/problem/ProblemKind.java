package io.cadastre.gateway.problem;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Every kind of problem an answer can have; programs tell them apart by {@code type}. */
public enum ProblemKind {
  INVALID_REQUEST(HttpStatus.BAD_REQUEST, "The request is not valid"),
  MALFORMED_BODY(HttpStatus.BAD_REQUEST, "The body cannot be read"),
  UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "Sign in first"),
  FORBIDDEN(HttpStatus.FORBIDDEN, "Not allowed"),
  NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),
  METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
  NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not available in an accepted media type"),
  CONFLICT(HttpStatus.CONFLICT, "In conflict with what is there"),
  REQUEST_UNDER_WAY(HttpStatus.CONFLICT, "The same request is still being worked on"),
  ANSWER_NOT_KEPT(HttpStatus.CONFLICT, "Done before, but the answer was not kept"),
  STALE(HttpStatus.PRECONDITION_FAILED, "Changed by someone else meanwhile"),
  TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Media type not supported"),
  IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "Idempotency key used before"),
  PRECONDITION_REQUIRED(HttpStatus.PRECONDITION_REQUIRED, "A condition is required"),
  TOO_MANY_ATTEMPTS(HttpStatus.TOO_MANY_REQUESTS, "Too many attempts"),
  INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong here"),
  DEPENDENCY_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "A needed service does not answer"),
  TIMED_OUT(HttpStatus.SERVICE_UNAVAILABLE, "No answer in time");

  private final HttpStatus status;
  private final String title;

  ProblemKind(HttpStatus status, String title) {
    this.status = status;
    this.title = title;
  }

  public HttpStatus status() {
    return status;
  }

  String title() {
    return title;
  }

  /** The {@code type} of the answer. */
  public String type() {
    return "urn:cadastre:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
