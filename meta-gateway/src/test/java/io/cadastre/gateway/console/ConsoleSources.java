package io.cadastre.gateway.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The console's own files as they lie in the project. */
final class ConsoleSources {

  static final Path ROOT = Path.of("src/main/resources/console");
  static final Path VENDOR = ROOT.resolve("vendor");

  private ConsoleSources() {}

  static List<Path> own() {
    return files(ROOT).stream().filter(file -> !file.startsWith(VENDOR)).toList();
  }

  static List<Path> scripts() {
    return own().stream().filter(file -> file.toString().endsWith(".js")).toList();
  }

  static List<Path> vendored() {
    return files(VENDOR);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
