package io.cadastre.kv.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The log on disk: files named by the index of their first entry. */
public final class LogFiles implements AutoCloseable {

  private static final String SUFFIX = ".log";

  private final Path directory;
  private final long segmentBytes;
  private final ArrayDeque<LogSegment> segments = new ArrayDeque<>();
  private long lastIndex;

  private LogFiles(Path directory, long segmentBytes) {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
  }

  /**
   * Opens the log in a directory.
   *
   * @param after the visitor hears of the entries after this index, which it has to know already
   * @throws LogDamagedException where an entry is not what was written, or is missing
   */
  public static LogFiles open(Path directory, long segmentBytes, long after, EntryVisitor visitor)
      throws IOException {
    Files.createDirectories(directory);
    LogFiles log = new LogFiles(directory, segmentBytes);
    log.lastIndex = after;
    long[] next = {-1};
    List<Path> paths = log.paths();
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      boolean last = i == paths.size() - 1;
      log.segments.add(
          LogSegment.open(
              path,
              last,
              (index, entry) -> {
                boolean fits = next[0] == -1 ? index <= after + 1 : index == next[0];
                if (!fits) {
                  throw new LogDamagedException(path + " begins or goes on with entry " + index);
                }
                next[0] = index + 1;
                if (index > after) {
                  visitor.visit(index, entry);
                  log.lastIndex = index;
                }
              }));
    }
    if (log.segments.isEmpty()) {
      log.addSegment();
    }
    return log;
  }

  private List<Path> paths() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found =
          new ArrayList<>(files.filter(path -> path.toString().endsWith(SUFFIX)).toList());
      Collections.sort(found);
      return found;
    }
  }

  private void addSegment() throws IOException {
    String name = HexFormat.of().toHexDigits(lastIndex + 1) + SUFFIX;
    segments.add(LogSegment.create(directory, name, lastIndex));
  }

  /** The last entry that is durable. */
  public long lastIndex() {
    return lastIndex;
  }

  /** Appends entries behind the last and makes them durable. Says whether a new file began. */
  public boolean append(List<byte[]> entries) throws IOException {
    boolean full = segments.getLast().bytes() >= segmentBytes;
    if (full) {
      addSegment();
    }
    segments.getLast().append(lastIndex + 1, entries);
    lastIndex += entries.size();
    return full;
  }

  /** Deletes the files that hold nothing after an index. */
  public void forget(long upTo) throws IOException {
    while (segments.size() > 1 && segments.getFirst().lastIndex() <= upTo) {
      segments.removeFirst().delete();
    }
  }

  @Override
  public void close() throws IOException {
    for (LogSegment segment : segments) {
      segment.close();
    }
  }

  /** Looks at an entry. */
  @FunctionalInterface
  public interface EntryVisitor {
    /** Hears of an entry. */
    void visit(long index, byte[] entry);
  }
}
