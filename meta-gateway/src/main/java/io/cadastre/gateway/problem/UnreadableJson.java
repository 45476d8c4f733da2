package io.cadastre.gateway.problem;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says where a JSON body is wrong. Never quotes the body: it may hold a password. */
final class UnreadableJson {

  private UnreadableJson() {}

  static ProblemException problem(JacksonException json) {
    return switch (json) {
      case UnrecognizedPropertyException unknown ->
          ProblemException.invalid(path(unknown.getPath()), null, knownFields(unknown));
      case InvalidFormatException format ->
          ProblemException.invalid(
              path(format.getPath()), shown(format), TypeNames.of(format.getTargetType()));
      case InputCoercionException number ->
          ProblemException.invalid(
              path(number.getPath()), null, TypeNames.of(number.getTargetType()));
      case MismatchedInputException mismatch when !mismatch.getPath().isEmpty() ->
          ProblemException.invalid(
              path(mismatch.getPath()), null, TypeNames.of(mismatch.getTargetType()));
      case MismatchedInputException _ ->
          ProblemException.of(
              ProblemKind.MALFORMED_BODY,
              "the body is not what this route reads (allowed: a JSON object)");
      case StreamConstraintsException _ ->
          ProblemException.of(
              ProblemKind.MALFORMED_BODY,
              "the body is nested too deeply or holds too long a value");
      default ->
          ProblemException.of(
              ProblemKind.MALFORMED_BODY, "the body is not valid JSON" + place(json.getLocation()));
    };
  }

  /** Only what cannot be a secret: a value that should have been a string never comes here. */
  private static @Nullable Object shown(InvalidFormatException format) {
    boolean secret =
        format.getPath().stream()
            .map(Reference::getPropertyName)
            .anyMatch(name -> name != null && name.contains("password"));
    return secret ? null : format.getValue();
  }

  private static String knownFields(UnrecognizedPropertyException unknown) {
    if (unknown.getKnownPropertyIds() == null) {
      return "no such field";
    }
    return unknown.getKnownPropertyIds().stream()
        .map(String::valueOf)
        .sorted()
        .collect(Collectors.joining(", ", "the fields ", ""));
  }

  private static String path(List<Reference> path) {
    StringBuilder field = new StringBuilder();
    for (Reference step : path) {
      if (step.getPropertyName() == null) {
        field.append('[').append(step.getIndex()).append(']');
      } else {
        field.append(field.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return field.toString();
  }

  private static String place(@Nullable TokenStreamLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }
}
