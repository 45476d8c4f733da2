package io.cadastre.gateway.problem;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says where a JSON body is wrong. Never quotes more of the body than one short value. */
final class UnreadableJson {

  private static final int LONGEST_SHOWN = 100;
  private static final Pattern QUOTED =
      Pattern.compile("value \\((?:\"(.*?)\"|'(.*?)'|(-?[0-9][^ )]*))\\)", Pattern.DOTALL);

  private static final Pattern TWICE =
      Pattern.compile("^Duplicate Object property \"(.*)\"$", Pattern.DOTALL);

  private UnreadableJson() {}

  static ProblemException problem(JacksonException json) {
    return switch (json) {
      case UnrecognizedPropertyException unknown ->
          ProblemException.invalid(path(unknown.getPath()), null, knownFields(unknown));
      case InvalidFormatException format ->
          ProblemException.invalid(
              path(format.getPath()),
              shown(format.getPath(), format.getValue()),
              TypeNames.of(format.getTargetType(), format.getValue()));
      case InputCoercionException number ->
          ProblemException.invalid(
              path(number.getPath()),
              shown(number.getPath(), quoted(number)),
              TypeNames.of(number.getTargetType(), quoted(number)));
      case MismatchedInputException mismatch when !mismatch.getPath().isEmpty() ->
          ProblemException.invalid(
              path(mismatch.getPath()),
              shown(mismatch.getPath(), quoted(mismatch)),
              TypeNames.of(mismatch.getTargetType(), null));
      case MismatchedInputException _ ->
          ProblemException.of(
              ProblemKind.MALFORMED_BODY,
              "the body is not what this route reads (allowed: a JSON object)");
      case StreamConstraintsException _ ->
          ProblemException.of(
              ProblemKind.MALFORMED_BODY,
              "the body is nested too deeply or holds too long a value");
      default -> notJson(json);
    };
  }

  private static ProblemException notJson(JacksonException json) {
    Matcher twice = TWICE.matcher(json.getOriginalMessage());
    return twice.find() && twice.group(1).length() <= LONGEST_SHOWN
        ? ProblemException.invalid(twice.group(1), null, "the field once")
        : ProblemException.of(
            ProblemKind.MALFORMED_BODY, "the body is not valid JSON" + place(json.getLocation()));
  }

  /** Only what cannot be a secret. */
  private static @Nullable Object shown(List<Reference> path, @Nullable Object value) {
    boolean secret =
        path.stream()
            .map(Reference::getPropertyName)
            .anyMatch(name -> name != null && name.contains("password"));
    return secret ? null : value;
  }

  /** The reader is closed by now, and these exceptions carry the value in their text alone. */
  private static @Nullable String quoted(JacksonException json) {
    Matcher matcher = QUOTED.matcher(json.getOriginalMessage());
    if (!matcher.find()) {
      return null;
    }
    return Stream.of(1, 2, 3)
        .map(matcher::group)
        .filter(value -> value != null && value.length() <= LONGEST_SHOWN)
        .findFirst()
        .orElse(null);
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
