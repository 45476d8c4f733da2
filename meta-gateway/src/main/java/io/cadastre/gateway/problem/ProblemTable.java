package io.cadastre.gateway.problem;

import io.cadastre.gateway.database.AccountGone;
import io.cadastre.gateway.database.DatabaseOutage;
import io.cadastre.messaging.OutageException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.MissingRequestValueException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import tools.jackson.core.JacksonException;

/** What each failure that ends a request is called to the caller; null for a bug of ours. */
final class ProblemTable {

  private ProblemTable() {}

  static @Nullable ProblemException of(Throwable failure) {
    if (failure instanceof ProblemException problem) {
      return problem;
    }
    if (cause(failure, DataBufferLimitException.class) != null) {
      return BodyLimit.exceeded();
    }
    if (DatabaseOutage.is(failure)) {
      return ProblemException.unavailable("postgresql", failure);
    }
    if (cause(failure, OutageException.class) != null) {
      return ProblemException.unavailable("kafka", failure);
    }
    return switch (failure) {
      case MissingRequestValueException missing ->
          ProblemException.invalid(missing.getName(), null, "a value, it is required");
      case ServerWebInputException input -> input(input);
      case MethodNotAllowedException method -> methodNotAllowed(method);
      case UnsupportedMediaTypeStatusException type -> unsupported(type);
      case NotAcceptableStatusException type ->
          ProblemException.of(
              ProblemKind.NOT_ACCEPTABLE,
              "this route answers with " + names(type.getSupportedMediaTypes()));
      case ResponseStatusException status when status.getStatusCode().value() == 404 ->
          ProblemException.of(ProblemKind.NOT_FOUND, "there is no such route");
      case ResponseStatusException status when status.getStatusCode().value() == 413 ->
          BodyLimit.exceeded();
      case AuthenticationException _ ->
          ProblemException.of(ProblemKind.UNAUTHENTICATED, "this route needs a session or a token");
      case AccessDeniedException _ ->
          ProblemException.of(ProblemKind.FORBIDDEN, "this is not allowed");
      case DataIntegrityViolationException violation when AccountGone.is(violation) ->
          ProblemException.of(ProblemKind.UNAUTHENTICATED, "this account was deleted a moment ago");
      case DuplicateKeyException _ ->
          ProblemException.conflict("somebody else made the same thing at the same time");
      default -> null;
    };
  }

  private static ProblemException input(ServerWebInputException input) {
    JacksonException json = cause(input, JacksonException.class);
    if (json != null) {
      return UnreadableJson.problem(json);
    }
    TypeMismatchException mismatch = cause(input, TypeMismatchException.class);
    if (mismatch != null && input.getMethodParameter() != null) {
      String name = String.valueOf(input.getMethodParameter().getParameterName());
      String allowed = TypeNames.of(mismatch.getRequiredType(), mismatch.getValue());
      return ProblemException.invalid(ParameterNames.snakeCase(name), mismatch.getValue(), allowed);
    }
    // Spring's own word for it has no cause; neither has the exception around it, in some routes.
    boolean noBody =
        input.getMethodParameter() != null
            && (input.getCause() == null || input.getCause().getCause() == null);
    return ProblemException.of(
        ProblemKind.MALFORMED_BODY,
        noBody ? "the body is missing (allowed: a JSON object)" : "the request cannot be read");
  }

  private static ProblemException methodNotAllowed(MethodNotAllowedException method) {
    Set<HttpMethod> allowed = method.getSupportedMethods();
    String names = String.join(", ", allowed.stream().map(HttpMethod::name).sorted().toList());
    return ProblemException.of(
            ProblemKind.METHOD_NOT_ALLOWED,
            "method: " + method.getHttpMethod() + " (allowed: " + names + ")")
        .header(HttpHeaders.ALLOW, names);
  }

  private static ProblemException unsupported(UnsupportedMediaTypeStatusException type) {
    return ProblemException.of(
            ProblemKind.UNSUPPORTED_MEDIA_TYPE,
            "Content-Type: %s (allowed: %s)"
                .formatted(
                    type.getContentType() == null ? "none" : type.getContentType(),
                    names(type.getSupportedMediaTypes())))
        .header(HttpHeaders.ACCEPT, names(type.getSupportedMediaTypes()));
  }

  private static String names(List<MediaType> types) {
    return types.isEmpty()
        ? MediaType.APPLICATION_JSON_VALUE
        : String.join(", ", types.stream().map(MediaType::toString).toList());
  }

  static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    return Stream.<@Nullable Throwable>iterate(
            failure, each -> each != null, each -> each == null ? null : each.getCause())
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElse(null);
  }
}
