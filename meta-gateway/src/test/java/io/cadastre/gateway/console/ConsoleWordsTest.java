package io.cadastre.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConsoleWordsTest {

  private static final Pattern ENTRY = Pattern.compile("(?m)^  '([^']+)': (.*),$");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");
  private static final Pattern USE = Pattern.compile("\\bt\\('([^']+)'");
  private static final Pattern USE_OF_A_FAMILY =
      Pattern.compile("\\bt\\(`([a-z.-]+)\\$\\{|tCode\\('([a-z.]+)'");
  private static final Pattern CHOICE = Pattern.compile("'([a-z]+\\.[a-z.-]+)' : '([a-z.-]+)'");

  private final SortedMap<String, String> english = dictionary("en");
  private final SortedMap<String, String> chinese = dictionary("zh");

  @Test
  void bothLanguagesSayTheSameThings() {
    assertThat(chinese.keySet()).isEqualTo(english.keySet()).hasSizeGreaterThan(300);
  }

  @Test
  void bothLanguagesFillInTheSameValues() {
    for (Map.Entry<String, String> entry : english.entrySet()) {
      Set<String> values = placeholders(entry.getValue());
      assertThat(placeholders(chinese.get(entry.getKey())))
          .as(entry.getKey())
          .isSubsetOf(values)
          .containsAll(withoutTheCount(values));
    }
  }

  @Test
  void everyWordUsedIsInTheDictionaries() {
    for (var script : ConsoleSources.scripts()) {
      for (MatchResult use : USE.matcher(ConsoleSources.read(script)).results().toList()) {
        assertThat(english).as(script.toString()).containsKey(use.group(1));
      }
    }
  }

  @Test
  void everyWordInTheDictionariesIsUsed() {
    String sources =
        ConsoleSources.scripts().stream()
            .map(ConsoleSources::read)
            .collect(Collectors.joining("\n"));
    Set<String> used = new TreeSet<>();
    USE.matcher(sources).results().forEach(use -> used.add(use.group(1)));
    CHOICE
        .matcher(sources)
        .results()
        .forEach(use -> {
          used.add(use.group(1));
          used.add(use.group(2));
        });
    Set<String> families =
        USE_OF_A_FAMILY
            .matcher(sources)
            .results()
            .map(use -> use.group(1) == null ? use.group(2) + "." : use.group(1))
            .collect(Collectors.toSet());
    assertThat(english.keySet())
        .allMatch(key -> used.contains(key) || families.stream().anyMatch(key::startsWith));
  }

  /** Some Chinese sentences have no place for the number that chooses between English forms. */
  private static Set<String> withoutTheCount(Set<String> values) {
    var rest = new TreeSet<>(values);
    rest.remove("count");
    return rest;
  }

  private static Set<String> placeholders(@org.jspecify.annotations.Nullable String text) {
    return PLACEHOLDER
        .matcher(text == null ? "" : text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static SortedMap<String, String> dictionary(String language) {
    String file = "language/" + language + ".js";
    var words = new TreeMap<String, String>();
    ENTRY
        .matcher(ConsoleSources.read(ConsoleSources.ROOT.resolve(file)))
        .results()
        .forEach(entry -> words.put(entry.group(1), entry.group(2)));
    return words;
  }
}
