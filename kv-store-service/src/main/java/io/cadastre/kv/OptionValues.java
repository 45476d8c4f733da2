package io.cadastre.kv;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What options may be. A refusal names the option, the value and what is allowed. */
final class OptionValues {

  private OptionValues() {}

  /** One of two; the first where none is given. */
  static String choice(Map<String, String> options, String name, String first, String second) {
    String given = options.getOrDefault(name, first);
    if (!given.equals(first) && !given.equals(second)) {
      throw new IllegalArgumentException(
          "%s: %s (allowed: %s, %s)".formatted(name, given, first, second));
    }
    return given;
  }

  static List<String> list(Map<String, String> options, String name) {
    String given = options.getOrDefault(name, "");
    return given.isEmpty() ? List.of() : List.of(given.split(","));
  }

  static Duration millis(Map<String, String> options, String name, Duration otherwise) {
    return Duration.ofMillis(number(options, name, otherwise.toMillis()));
  }

  static long number(Map<String, String> options, String name, long otherwise) {
    String given = options.getOrDefault(name, Long.toString(otherwise));
    try {
      long number = Long.parseLong(given);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw new IllegalArgumentException(name + ": " + given + " (allowed: a number from 1 on)");
  }

  /** As Go writes it. */
  static Duration duration(Map<String, String> options, String name, Duration otherwise) {
    String given = options.get(name);
    if (given == null) {
      return otherwise;
    }
    try {
      return given.equals("0")
          ? Duration.ZERO
          : Duration.parse("PT" + given.toUpperCase(Locale.ROOT));
    } catch (DateTimeParseException _) {
      throw new IllegalArgumentException(
          name + ": " + given + " (allowed: 30s, 5m, 1h30m; 0 = never)");
    }
  }

  static InetSocketAddress address(String option, String url, String scheme) {
    URI listen = URI.create(url);
    if (listen.getHost() == null || listen.getPort() < 0 || !scheme.equals(listen.getScheme())) {
      throw new IllegalArgumentException(
          "%s: %s (allowed: one %s://host:port; https with a certificate, http without)"
              .formatted(option, url, scheme));
    }
    return new InetSocketAddress(listen.getHost(), listen.getPort());
  }
}
