package io.cadastre.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Metrics by name: those that rules and dashboards ask for, and those that services show. */
final class NamedMetrics {
  private static final List<Path> USERS =
      List.of(Path.of("../prometheus/rules.yml"), Path.of("../grafana/dashboards/cadastre.json"));
  private static final Pattern NAME =
      Pattern.compile("\\b(?:cadastre|jvm|process)_[a-z_]+[a-z]\\b");
  private static final Pattern SHOWN = Pattern.compile("(?m)^([a-z_]+)[{ ]");

  /** Present from the first such event on, which a quiet demo does not have. */
  private static final Set<String> OF_RARE_EVENTS = Set.of("cadastre_message_retries_total");

  private NamedMetrics() {}

  static Set<String> inRulesAndDashboards() throws IOException {
    var names = new TreeSet<String>();
    for (Path user : USERS) {
      NAME.matcher(Files.readString(user)).results().forEach(match -> names.add(match.group()));
    }
    names.removeAll(OF_RARE_EVENTS);
    return names;
  }

  static Set<String> exposedAt(List<String> pages) throws IOException, InterruptedException {
    var names = new HashSet<String>();
    try (var http = HttpClient.newHttpClient()) {
      for (String page : pages) {
        String shown =
            http.send(
                    HttpRequest.newBuilder(URI.create(page)).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body();
        SHOWN.matcher(shown).results().forEach(match -> names.add(match.group(1)));
      }
    }
    return names;
  }
}
