package io.cadastre.kv.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds out what the files of a log hold. */
final class LogReplay {

  private static final String SUFFIX = ".log";

  private final LogIndex index;
  private final TreeMap<Long, LogFile> files = new TreeMap<>();
  private boolean begun;
  private boolean continued;

  private LogReplay(LogIndex index) {
    this.index = index;
  }

  static Path path(Path directory, long number) {
    return directory.resolve(HexFormat.of().toHexDigits(number) + SUFFIX);
  }

  /**
   * Reads all files of a directory, and cuts off a torn append at the end.
   *
   * @return the files by their numbers
   * @throws LogDamagedException where an entry is not what was written, or is missing
   */
  static NavigableMap<Long, LogFile> run(Path directory, LogIndex index) throws IOException {
    LogReplay replay = new LogReplay(index);
    try {
      replay.run(list(directory));
      return replay.files;
    } catch (IOException | RuntimeException e) {
      for (LogFile file : replay.files.values()) {
        file.close();
      }
      throw e;
    }
  }

  private static NavigableMap<Long, Path> list(Path directory) throws IOException {
    TreeMap<Long, Path> found = new TreeMap<>();
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.toList()) {
        String name = path.getFileName().toString();
        if (name.matches("[0-9a-f]{16}" + SUFFIX)) {
          found.put(HexFormat.fromHexDigitsToLong(name, 0, 16), path);
        }
      }
    }
    return found;
  }

  private void run(NavigableMap<Long, Path> paths) throws IOException {
    if (paths.isEmpty()) {
      return;
    }
    long newest = paths.lastKey();
    long oldest = newest;
    while (paths.containsKey(oldest - 1)) {
      oldest--;
    }
    boolean unused = newest > oldest && isUnused(newest, paths.lastEntry().getValue());
    for (Map.Entry<Long, Path> each : paths.tailMap(oldest).entrySet()) {
      long number = each.getKey();
      Path path = each.getValue();
      boolean end = number == newest || (unused && number == newest - 1);
      continued = false;
      scan(number, path, end);
      if (number == newest && continued) {
        throw new LogDamagedException(
            LogReplay.path(path.resolveSibling(""), number + 1) + " is missing, behind " + path);
      }
      if (number < newest && !continued) {
        if (!end) {
          throw new LogDamagedException(path + " is damaged at its end: the log goes on behind it");
        }
        // The process ended when the next file was there, but the log did not go on in it yet.
        Files.delete(paths.lastEntry().getValue());
        break;
      }
    }
    if (index.missing() >= 0) {
      throw new LogDamagedException(
          "entry " + index.missing() + " is missing, in front of " + paths.get(oldest));
    }
    for (Path forgotten : paths.headMap(oldest).values()) {
      Files.delete(forgotten);
    }
  }

  private static boolean isUnused(long number, Path path) throws IOException {
    int[] records = {0};
    FileScan.Found _ = FileScan.scan(path, number, true, (_, _, _) -> records[0]++);
    return records[0] == 1;
  }

  private void scan(long number, Path path, boolean mayBeTorn) throws IOException {
    index.file(number);
    FileScan.Found found =
        FileScan.scan(
            path,
            number,
            mayBeTorn,
            (at, header, content) -> {
              if (continued || !take(at, header, content)) {
                throw new LogDamagedException(
                    path + " is damaged at byte " + at + ": it goes on with " + header);
              }
            });
    LogFile file = new LogFile(path, number, found.end());
    files.put(number, file);
    if (found.dirtyEnd() > found.end()) {
      file.wipe(found.dirtyEnd());
    }
  }

  /** Says whether it fits what there is. */
  private boolean take(int at, RecordHeader header, byte[] content) {
    boolean bounds = header.kind() == RecordHeader.BOUNDS;
    if (at == 0 && !bounds) {
      return false;
    }
    if (bounds) {
      long first = ByteBuffer.wrap(content).getLong();
      if (at == 0 && begun) {
        return first == index.first() && header.index() == index.last();
      }
      index.bound(first, header.index());
      begun = true;
      return true;
    }
    if (header.kind() == RecordHeader.CONTINUED) {
      continued = true;
      return true;
    }
    if (header.kind() < 0 || header.index() != index.last() + 1) {
      return false;
    }
    index.add(header, at);
    return true;
  }
}
