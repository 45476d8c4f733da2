package io.cadastre.gateway.instance;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.gateway.instance.InstanceRequest.PatternsRequest;
import io.cadastre.gateway.instance.InstanceRequest.TlsRequest;
import io.cadastre.gateway.problem.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that must hold of a registration. All that is wrong is told at once. */
final class RegistrationRules {

  private static final int NAME_MAX = 100;
  private static final int USERNAME_MAX = 128;
  private static final int PASSWORD_MAX = 1000;
  private static final int TAGS_MAX = 50;
  static final int TAG_KEY_MAX = 63;
  private static final int TAG_VALUE_MAX = 255;
  private static final int PATTERNS_MAX = 100;
  private static final int PATTERN_MAX = 255;

  private final HostRules hosts;
  private final Violations violations = new Violations();

  private RegistrationRules(HostRules hosts) {
    this.hosts = hosts;
  }

  /**
   * The registration that a request describes.
   *
   * @throws io.cadastre.gateway.problem.ProblemException with status 400
   */
  static Registration check(InstanceRequest request, HostRules hosts) {
    return new RegistrationRules(hosts).check(request);
  }

  private Registration check(InstanceRequest request) {
    String name = text("name", request.name(), NAME_MAX);
    String host = host(request.host());
    int port = port(request.port());
    String username = text("username", request.username(), USERNAME_MAX);
    password(request.password());
    TlsRequest tls = request.tls() == null ? new TlsRequest(null, null) : request.tls();
    TlsMode mode = tls.mode() == null ? TlsMode.REQUIRED : tls.mode();
    String authorities = Certificates.check(violations, mode, tls.caCertificate());
    SortedMap<String, String> tags = tags(request.tags());
    NamePatterns patterns = patterns(request.databases());
    Long capacity = request.capacityBytes();
    violations.check(
        capacity == null || capacity > 0, "capacity_bytes", capacity, "1 and more, or absent");
    Engine engine = request.engine();
    violations.check(engine != null, "engine", null, "mysql, postgresql");
    violations.refuseIfAny();
    return new Registration(
        name,
        engine == null ? Engine.POSTGRESQL : engine,
        host,
        port,
        username,
        mode,
        authorities,
        tags,
        patterns,
        capacity);
  }

  private String text(String field, @Nullable String value, int max) {
    String text = value == null ? "" : value.strip();
    violations.check(
        isText(text, 1, max), field, value, "1 to " + max + " characters, no control characters");
    return text;
  }

  private static boolean isText(String text, int min, int max) {
    int length = text.codePointCount(0, text.length());
    return length >= min && length <= max && text.codePoints().noneMatch(Character::isISOControl);
  }

  private String host(@Nullable String value) {
    return switch (hosts.read(value == null ? "" : value)) {
      case HostRules.Outcome.Host host -> host.canonical();
      case HostRules.Outcome.Refused refused -> {
        violations.add("host", value, refused.allowed());
        yield "";
      }
    };
  }

  private int port(@Nullable Integer value) {
    int port = value == null ? 0 : value;
    violations.check(port >= 1 && port <= 65535, "port", value, "1 to 65535");
    return port;
  }

  private void password(@Nullable String value) {
    violations.check(
        value == null || isText(value, 1, PASSWORD_MAX),
        "password",
        null,
        "1 to " + PASSWORD_MAX + " characters, no control characters; absent for none");
  }

  private SortedMap<String, String> tags(@Nullable Map<String, @Nullable String> given) {
    SortedMap<String, String> tags = new TreeMap<>();
    if (given == null) {
      return tags;
    }
    violations.check(given.size() <= TAGS_MAX, "tags", given.size(), "at most " + TAGS_MAX);
    given.forEach((key, value) -> {
      boolean rightKey =
          isText(key, 1, TAG_KEY_MAX) && key.indexOf(':') < 0 && key.strip().equals(key);
      violations.check(
          rightKey, "tags", key, "keys of 1 to " + TAG_KEY_MAX + " characters without a colon");
      boolean rightValue = value != null && isText(value, 0, TAG_VALUE_MAX);
      violations.check(
          rightValue, "tags." + key, value, "a text of at most " + TAG_VALUE_MAX + " characters");
      tags.put(key, value == null ? "" : value);
    });
    return tags;
  }

  private NamePatterns patterns(@Nullable PatternsRequest given) {
    return given == null
        ? NamePatterns.ALL
        : new NamePatterns(
            patterns("databases.include", given.include()),
            patterns("databases.exclude", given.exclude()));
  }

  private List<String> patterns(String field, @Nullable List<@Nullable String> given) {
    List<String> patterns = new ArrayList<>();
    if (given == null) {
      return patterns;
    }
    violations.check(given.size() <= PATTERNS_MAX, field, given.size(), "at most " + PATTERNS_MAX);
    for (int i = 0; i < given.size(); i++) {
      String pattern = given.get(i) == null ? "" : given.get(i);
      violations.check(
          isText(pattern, 1, PATTERN_MAX),
          field + "[" + i + "]",
          pattern,
          "1 to " + PATTERN_MAX + " characters, where * stands for any and ? for one");
      patterns.add(pattern);
    }
    return patterns;
  }
}
