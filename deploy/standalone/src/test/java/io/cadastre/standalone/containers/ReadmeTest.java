package io.cadastre.standalone.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern SETTING = Pattern.compile("`(cadastre[.][a-z.*-]+|[.][a-z-]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  private final String readme = Files.readString(ROOT.resolve("README.md"));

  ReadmeTest() throws IOException {}

  @Test
  void everySettingIsOneTheServicesKnow() throws ClassNotFoundException {
    List<String> settings =
        readme
            .lines()
            .filter(line -> line.startsWith("| `cadastre."))
            .flatMap(line -> settings(line.split("[|]", -1)[1]).stream())
            .toList();
    assertThat(settings).hasSizeGreaterThan(20);
    assertThat(new KnownProperties().names()).containsAll(settings);
  }

  @Test
  void everyLinkLeadsSomewhere() {
    List<Path> links =
        LINK.matcher(readme).results().map(link -> ROOT.resolve(link.group(1))).toList();
    assertThat(links).hasSizeGreaterThan(5).allMatch(Files::exists);
  }

  /** Of one cell: what begins with a dot has the same prefix as the one before it. */
  private static List<String> settings(String cell) {
    var settings = new ArrayList<String>();
    String prefix = "";
    for (String name : SETTING.matcher(cell).results().map(ReadmeTest::name).toList()) {
      String whole = name.startsWith(".") ? prefix + name : name;
      prefix = whole.substring(0, whole.lastIndexOf('.'));
      settings.add(whole);
    }
    return settings;
  }

  private static String name(MatchResult match) {
    return match.group(1);
  }
}
