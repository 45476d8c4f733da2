package io.cadastre.kv.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a member's directory tells of the states that it saved, and took over from others. */
final class StatesOnDisk {

  private StatesOnDisk() {}

  /** Up to which entries the states go that a member saved and still has. */
  static Set<Long> saved(Path data) {
    return numbers(data.resolve("raft").resolve("snapshot"), "snapshot_");
  }

  /** How often a member took over another's state in the place of its own. */
  static long takenOver(Path data) {
    return numbers(data.resolve("store"), "store-").stream()
        .mapToLong(each -> each)
        .max()
        .orElse(0);
  }

  private static Set<Long> numbers(Path directory, String prefix) {
    try (Stream<Path> found = Files.list(directory)) {
      return found
          .map(path -> directory.relativize(path).toString())
          .filter(name -> name.matches(prefix + "\\d+"))
          .map(name -> Long.valueOf(name.substring(prefix.length())))
          .collect(Collectors.toSet());
    } catch (NoSuchFileException _) {
      return Set.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
