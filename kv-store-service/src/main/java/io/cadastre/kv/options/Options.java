package io.cadastre.kv.options;

import io.cadastre.kv.options.Flag.Fate;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The options that were given, by name: on the command line, else in the environment. */
final class Options {

  private static final String PREFIX = "ETCD_";

  private final Map<String, String> given;
  private final List<String> warnings;

  private Options(Map<String, String> given, List<String> warnings) {
    this.given = given;
    this.warnings = warnings;
  }

  /**
   * Reads them.
   *
   * @param environment where those count that are not among the arguments
   * @throws IllegalArgumentException where one is not known, or cannot be had
   */
  static Options read(List<String> arguments, Map<String, String> environment) {
    Map<String, String> given = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      String option = argument.replaceFirst("^--?", "");
      int equals = option.indexOf('=');
      if (option.equals(argument)) {
        throw new IllegalArgumentException("option: " + argument + " (allowed: --name=value)");
      }
      Flag flag = Flags.KNOWN.find(whole(equals < 0 ? option : option.substring(0, equals)));
      String value;
      if (equals >= 0) {
        value = option.substring(equals + 1);
      } else if (flag.standsAlone()) {
        value = "true";
      } else if (i + 1 < arguments.size()) {
        value = arguments.get(++i);
      } else {
        throw new IllegalArgumentException("option: " + argument + " (allowed: with a value)");
      }
      // The last one counts, as with Go.
      given.put(flag.name(), value);
    }
    String file =
        given.getOrDefault("config-file", environment.getOrDefault("ETCD_CONFIG_FILE", ""));
    List<String> warnings = new ArrayList<>();
    if (file.isEmpty()) {
      takeEnvironment(environment, given, warnings);
    } else {
      given.clear();
      ConfigFile.read(Path.of(file))
          .forEach((name, value) -> given.put(Flags.KNOWN.find(name).name(), value));
      warnings.add("config-file: " + file + ": other options and the environment do not count");
    }
    given.forEach((name, value) -> judge(Flags.KNOWN.find(name), value, warnings));
    return new Options(given, warnings);
  }

  private static String whole(String option) {
    return option.equals("h") ? "help" : option;
  }

  private static void takeEnvironment(
      Map<String, String> environment, Map<String, String> given, List<String> warnings) {
    List<String> unknown = new ArrayList<>(environment.keySet());
    for (Flag flag : Flags.KNOWN.all()) {
      for (String variable : List.of(flag.variable(), experimental(flag))) {
        String value = environment.getOrDefault(variable, "");
        if (!value.isEmpty()) {
          String _ = given.putIfAbsent(flag.name(), value);
        }
        boolean _ = unknown.remove(variable);
      }
    }
    unknown.stream()
        .filter(name -> name.startsWith(PREFIX))
        .sorted()
        .forEach(name -> warnings.add(name + ": no option is called so in the environment"));
  }

  private static String experimental(Flag flag) {
    return flag.variable().replaceFirst(PREFIX, PREFIX + "EXPERIMENTAL_");
  }

  private static void judge(Flag flag, String value, List<String> warnings) {
    if (flag.refuses(value)) {
      throw new IllegalArgumentException(
          flag.name() + ": " + value + " (allowed: not to give it; " + flag.text() + ")");
    }
    if (flag.fate() == Fate.IGNORED) {
      warnings.add(flag.name() + ": " + value + " has no effect: " + flag.text());
    }
  }

  /** What is to be told of them. */
  List<String> warnings() {
    return warnings;
  }

  boolean has(String name) {
    return !text(name).isEmpty();
  }

  /** What was given, or what is usual. */
  String text(String name) {
    return given.getOrDefault(name, Flags.KNOWN.find(name).usual());
  }

  /** One of a few. */
  String oneOf(String name, String... allowed) {
    String value = text(name);
    if (!List.of(allowed).contains(value)) {
      throw bad(name, String.join(", ", allowed));
    }
    return value;
  }

  boolean isOn(String name) {
    // Go takes these for true, too.
    return switch (text(name)) {
      case "true", "1", "t", "T", "TRUE", "True" -> true;
      case "false", "0", "f", "F", "FALSE", "False", "" -> false;
      default -> throw bad(name, "true, false");
    };
  }

  long number(String name, long least, long most) {
    try {
      long number = Long.parseLong(text(name));
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw bad(
        name, most == Long.MAX_VALUE ? "a number from " + least + " on" : least + " to " + most);
  }

  Duration duration(String name, Duration least) {
    Duration duration = GoDuration.parse(text(name));
    if (duration == null || duration.compareTo(least) < 0) {
      throw bad(name, "30s, 5m, 1h30m" + (least.isZero() ? "; 0 = never" : ", at least " + least));
    }
    return duration;
  }

  /** Values behind commas; none where nothing was given. */
  List<String> texts(String name) {
    return Arrays.stream(text(name).split(","))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .distinct()
        .toList();
  }

  /** Where to listen. */
  List<InetSocketAddress> addresses(String name, String scheme) {
    return texts(name).stream().map(url -> address(name, url, scheme)).toList();
  }

  private InetSocketAddress address(String name, String url, String scheme) {
    try {
      URI listen = new URI(url);
      boolean bare = Stream.of("", "/").anyMatch(path -> path.equals(listen.getPath()));
      if (bare
          && listen.getHost() != null
          && listen.getPort() >= 0
          && scheme.equals(listen.getScheme())) {
        String host = listen.getHost().replaceFirst("^\\[(.*)]$", "$1");
        return new InetSocketAddress(host, listen.getPort());
      }
    } catch (URISyntaxException _) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s: %s (allowed: %s://host:port, more of them by commas; https with a certificate, http without)"
            .formatted(name, url, scheme));
  }

  /** A file that has to be there; null where nothing was given. */
  @Nullable Path file(String name) {
    if (!has(name)) {
      return null;
    }
    Path file = Path.of(text(name));
    if (!Files.isReadable(file)) {
      throw bad(name, "a file to read");
    }
    return file;
  }

  IllegalArgumentException bad(String name, String allowed) {
    return new IllegalArgumentException(
        "%s: %s (allowed: %s)".formatted(name, text(name), allowed));
  }
}
