package io.cadastre.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

  @Test
  void nothingAsksForHelp() {
    assertThat(CommandLine.parse(List.of())).isEqualTo(new CommandLine.Help());
  }

  @Test
  void theDemoAndUpTakeTheSameOptions() {
    assertThat(CommandLine.parse(List.of("demo")))
        .isEqualTo(new CommandLine.Start(true, null, 8080, 9092, 2379, false));
    assertThat(
            CommandLine.parse(
                List.of(
                    "up",
                    "--verbose",
                    "--data",
                    "d",
                    "--port",
                    "0",
                    "--kafka-port",
                    "19092",
                    "--kv-port",
                    "1")))
        .isEqualTo(new CommandLine.Start(false, Path.of("d"), 0, 19092, 1, true));
  }

  @Test
  void theKeyValueStoreAloneTakesADirectory() {
    assertThat(CommandLine.parse(List.of("kv"))).isEqualTo(new CommandLine.Kv(null));
    assertThat(CommandLine.parse(List.of("kv", "--data", "d")))
        .isEqualTo(new CommandLine.Kv(Path.of("d")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          start                  | command: start (allowed: demo, up, kv, reset-password, help)
          up --color             | option: --color (allowed: --data, --port, --kafka-port, --kv-port, --verbose)
          up --data              | --data: missing its value
          up --port 65536        | --port: 65536 (allowed: 0 to 65535)
          up --port -1           | --port: -1 (allowed: 0 to 65535)
          up --kv-port 2379a     | --kv-port: 2379a (allowed: 0 to 65535)
          kv --port 1            | option: --port (allowed: --data)
          up --kafka-port x      | --kafka-port: x (allowed: 0 to 65535)
          reset-password --port 1 | option: --port (allowed: --data)
          """)
  void whatIsNotUnderstoodIsNamedWithWhatIsAllowed(String arguments, String message) {
    assertThatThrownBy(() -> CommandLine.parse(List.of(arguments.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void helpNamesEveryCommandAndOption() {
    assertThat(CommandLine.HELP)
        .contains("demo", "up", "kv", "reset-password", "help")
        .contains("--data", "--port", "--kafka-port", "--kv-port", "--verbose");
  }
}
