package io.cadastre.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConsoleSourcesTest {

  private static final Pattern MARKUP_OR_CODE_FROM_STRINGS =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|srcdoc");
  private static final Pattern ELSEWHERE =
      Pattern.compile("(?:https?:)?//[a-z][a-z0-9.-]+\\.[a-z]+");
  private static final Pattern ROUTE = Pattern.compile("\\['(/[^']*)', page\\(");
  private static final Pattern STATIC_IMPORT =
      Pattern.compile("(?m)^(?:import|export|})[^;]*?from '(\\.[^']+)'");
  private static final int MOST_LINES = 200;

  @Test
  void noStringBecomesMarkupOrCode() {
    for (Path script : ConsoleSources.scripts()) {
      assertThat(ConsoleSources.read(script))
          .as(script.toString())
          .doesNotContainPattern(MARKUP_OR_CODE_FROM_STRINGS);
    }
  }

  @Test
  void nothingIsLoadedFromElsewhere() {
    for (Path file : ConsoleSources.own()) {
      String text = ConsoleSources.read(file).replace("http://www.w3.org/2000/svg", "");
      assertThat(text).as(file.toString()).doesNotContainPattern(ELSEWHERE);
    }
  }

  @Test
  void theDocumentHasNoInlineScriptOrStyle() {
    assertThat(ConsoleSources.read(ConsoleSources.ROOT.resolve("index.html")))
        .doesNotContainPattern("<style|style=|\\son[a-z]+=|<script(?![^>]*\\ssrc=)");
  }

  @Test
  void theGatewayServesEveryPageTheConsoleKnows() {
    String routes = ConsoleSources.read(ConsoleSources.ROOT.resolve("routes.js"));
    List<String> known =
        ROUTE
            .matcher(routes)
            .results()
            .map(result -> result.group(1).replaceAll(":(\\w+)", "{$1}"))
            .toList();
    assertThat(known).containsExactlyElementsOf(ConsolePaths.PAGES);
  }

  @Test
  void scriptsStaySmall() {
    for (Path script : ConsoleSources.scripts()) {
      boolean dictionary = script.getFileName().toString().matches("(en|zh)\\.js");
      if (!dictionary) {
        assertThat(ConsoleSources.read(script).lines().count())
            .as(script.toString())
            .isLessThanOrEqualTo(MOST_LINES);
      }
    }
  }

  @Test
  void everyImportNamesAFileThatExists() {
    Pattern imports = Pattern.compile("(?:from |import\\()'(\\.[^']+)'");
    for (Path script : ConsoleSources.scripts()) {

      for (MatchResult found : imports.matcher(ConsoleSources.read(script)).results().toList()) {
        assertThat(script.resolveSibling(found.group(1)).normalize())
            .as(script.toString())
            .isRegularFile();
      }
    }
  }

  /**
   * Otherwise each storey of imports costs a journey to the gateway before the first page shows.
   */
  @Test
  void theDocumentAsksAtOnceForAllThatTheFirstPageImports() {
    Set<Path> imported = new TreeSet<>();
    follow(ConsoleSources.ROOT.resolve("start.js"), imported);
    follow(ConsoleSources.ROOT.resolve("instances/list-page.js"), imported);
    String document = ConsoleSources.read(ConsoleSources.ROOT.resolve("index.html"));
    for (Path script : imported) {
      assertThat(document).contains("\"/console/" + ConsoleSources.ROOT.relativize(script) + "\"");
    }
  }

  private static void follow(Path script, Set<Path> imported) {
    if (imported.add(script)) {
      STATIC_IMPORT
          .matcher(ConsoleSources.read(script))
          .results()
          .map(found -> script.resolveSibling(found.group(1)).normalize())
          .forEach(next -> follow(next, imported));
    }
  }
}
