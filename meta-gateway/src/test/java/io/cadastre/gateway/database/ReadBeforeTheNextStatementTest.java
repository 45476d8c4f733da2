package io.cadastre.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A transaction has one connection. What asks it for something with each row, while the rows are
 * still coming, stands still once they no longer fit into one buffer, which a test's few rows do.
 */
class ReadBeforeTheNextStatementTest {

  private static final Path SOURCES = Path.of("src", "main", "java");

  /** {@code all()}, comments, and then a statement for each row. */
  private static final Pattern ROW_BY_ROW =
      Pattern.compile(
          "\\.all\\(\\)\\s*(?://[^\\n]*\\s*)*"
              + "\\.(?:concatMap|flatMap|flatMapSequential|delayUntil|filterWhen|expand)\\w*\\(");

  @Test
  void allRowsAreReadBeforeAnythingElseIsAsked() throws IOException {
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      List<Path> rowByRow =
          sources
              .filter(file -> file.toString().endsWith(".java"))
              .filter(ReadBeforeTheNextStatementTest::isOne)
              .toList();
      assertThat(rowByRow).as("collectList() goes before the next statement").isEmpty();
    }
  }

  @Test
  void theRuleKnowsOneWhenItSeesIt() {
    assertThat(ROW_BY_ROW.matcher("  .all()\n  // why\n  .concatMap(row -> x)").find()).isTrue();
    assertThat(ROW_BY_ROW.matcher("  .all()\n  .collectList()").find()).isFalse();
  }

  private static boolean isOne(Path source) {
    try {
      return ROW_BY_ROW.matcher(Files.readString(source)).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
