package io.cadastre.kv;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which options there are, and how they are written. */
final class CommandLine {

  private static final Set<String> OPTIONS =
      Set.of(
          "name",
          "data-dir",
          "listen-client-urls",
          "listen-metrics-urls",
          "advertise-client-urls",
          "listen-peer-urls",
          "initial-advertise-peer-urls",
          "initial-cluster",
          "initial-cluster-state",
          "initial-cluster-token",
          "election-timeout",
          "heartbeat-interval",
          "snapshot-count",
          "corrupt-check-time",
          "quota-backend-bytes",
          "auto-compaction-mode",
          "auto-compaction-retention",
          "engine",
          "restore-from",
          "cert-file",
          "key-file",
          "trusted-ca-file",
          "client-cert-auth",
          "peer-cert-file",
          "peer-key-file",
          "peer-trusted-ca-file",
          "peer-client-cert-auth",
          "metrics",
          "enable-grpc-reflection");

  /** As with Go's, they have no value but behind an equals sign. */
  private static final Set<String> SWITCHES =
      Set.of("client-cert-auth", "peer-client-cert-auth", "enable-grpc-reflection");

  private CommandLine() {}

  /** The values of the options that are given, by their names. */
  static Map<String, String> parse(String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String option = arguments[i].replaceFirst("^--?", "");
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      if (!OPTIONS.contains(name)) {
        throw new IllegalArgumentException(
            "option: " + arguments[i] + " (allowed: --" + String.join(", --", sorted()) + ")");
      }
      if (SWITCHES.contains(name)) {
        options.put(name, equals < 0 ? "true" : option.substring(equals + 1));
        continue;
      }
      if (equals < 0 && i + 1 == arguments.length) {
        throw new IllegalArgumentException("option: " + arguments[i] + " (allowed: with a value)");
      }
      options.put(name, equals < 0 ? arguments[++i] : option.substring(equals + 1));
    }
    return options;
  }

  private static List<String> sorted() {
    return OPTIONS.stream().sorted().toList();
  }
}
