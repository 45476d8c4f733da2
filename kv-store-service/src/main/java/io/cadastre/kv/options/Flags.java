package io.cadastre.kv.options;

import io.cadastre.kv.options.Flag.Fate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** All options that are known: those of etcd 3.5 and 3.6, and a few of our own. */
final class Flags {

  private static final String EXPERIMENTAL = "experimental-";
  private static final int COLUMNS = 4;

  static final Flags KNOWN = read();

  private final Map<String, Flag> byName;
  private final String help;

  private Flags(Map<String, Flag> byName, String help) {
    this.byName = byName;
    this.help = help;
  }

  private static Flags read() {
    try (InputStream table =
        Objects.requireNonNull(Flags.class.getResourceAsStream("flags.txt"), "flags.txt")) {
      Map<String, Flag> byName = new LinkedHashMap<>();
      StringBuilder help = new StringBuilder();
      new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> {
            if (line.contains("|")) {
              Flag flag = parse(line);
              byName.put(flag.name(), flag);
              help.append(
                  "  --%s '%s'%n    %s%n".formatted(flag.name(), flag.usual(), flag.text()));
            } else if (line.startsWith("=")) {
              help.append("%n%s:%n".formatted(line.substring(2)));
            }
          });
      return new Flags(byName, help.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Flag parse(String line) {
    String[] columns = line.split("\\|", COLUMNS);
    String fate = columns[0].strip();
    return new Flag(
        columns[1].strip(),
        switch (fate) {
          case "use", "switch" -> Fate.USED;
          case "skip", "skip-switch" -> Fate.IGNORED;
          case "refuse", "refuse-switch" -> Fate.REFUSED;
          default -> throw new IllegalStateException(line);
        },
        fate.endsWith("switch"),
        columns[2].strip(),
        columns[3].strip());
  }

  Iterable<Flag> all() {
    return byName.values();
  }

  /** What is said where somebody asks. */
  String help() {
    return help;
  }

  /**
   * The option of that name; etcd 3.5 puts {@code experimental-} before some that 3.6 has without.
   */
  Flag find(String name) {
    Flag flag =
        byName.get(name.startsWith(EXPERIMENTAL) ? name.substring(EXPERIMENTAL.length()) : name);
    if (flag == null) {
      throw new IllegalArgumentException(
          "option: --"
              + name
              + " (allowed: what --help tells; nearest is --"
              + nearest(name)
              + ")");
    }
    return flag;
  }

  private String nearest(String name) {
    String nearest = "help";
    int least = Integer.MAX_VALUE;
    for (String each : byName.keySet()) {
      int distance = distance(name, each);
      if (distance < least) {
        least = distance;
        nearest = each;
      }
    }
    return nearest;
  }

  /** How many characters have to be put in, taken out or changed. */
  private static int distance(String from, String to) {
    int[] last = new int[to.length() + 1];
    for (int j = 0; j < last.length; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[last.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, Math.min(last[j], row[j - 1]) + 1);
      }
      last = row;
    }
    return last[to.length()];
  }
}
