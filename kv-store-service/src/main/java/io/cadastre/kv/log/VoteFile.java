package io.cadastre.kv.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The term and the vote in it, in a file of two places that is as large as it ever will be: they
 * are written in turn, so that a full disk refuses no vote, and a crash leaves the old or the new.
 *
 * <p>A place is a sector, which disks write whole or not at all. So one that is neither whole nor
 * empty is damaged: a vote that was given may be lost with it.
 */
public final class VoteFile implements AutoCloseable {

  /** Apart, for disks that write more than a sector at once. */
  private static final int APART_BYTES = 4 << 10;

  private static final int PLACES = 2;
  private static final int SECTOR_BYTES = 512;
  private static final int SUM_BYTES = Integer.BYTES;

  private final FileChannel file;
  private long number;
  private Vote newest;

  /**
   * What is kept.
   *
   * @param votedFor empty = nobody
   */
  public record Vote(long term, String votedFor) {

    private static final Vote NONE = new Vote(0, "");
  }

  private record Numbered(long number, Vote vote) {}

  private VoteFile(FileChannel file, Numbered newest) {
    this.file = file;
    this.number = newest.number;
    this.newest = newest.vote;
  }

  /**
   * Opens or makes it.
   *
   * @throws LogDamagedException where it does not hold what was written to it
   */
  public static VoteFile open(Path path) throws IOException {
    if (!Files.exists(path)) {
      create(path);
    }
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new VoteFile(file, newest(path, file));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void create(Path path) throws IOException {
    Path directory = path.toAbsolutePath().resolveSibling("");
    Path draft = path.resolveSibling(path.getFileName() + ".new");
    ByteBuffer places = ByteBuffer.allocate(PLACES * APART_BYTES);
    places.put(encoded(new Numbered(0, Vote.NONE))).rewind();
    try (FileChannel file =
        FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      write(file, places, 0);
      file.force(true);
    }
    Path _ = Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel opened = FileChannel.open(directory)) {
      opened.force(true);
    }
  }

  private static Numbered newest(Path path, FileChannel file) throws IOException {
    Numbered first = read(path, file, 0);
    Numbered second = read(path, file, 1);
    if (first != null && second == null && first.number == 0) {
      return first;
    }
    if (first == null || second == null || Math.abs(first.number - second.number) != 1) {
      throw new LogDamagedException(path + " is damaged: it does not hold the last two votes");
    }
    return first.number > second.number ? first : second;
  }

  /** Null where nothing was written yet. */
  private static @Nullable Numbered read(Path path, FileChannel file, int place)
      throws IOException {
    ByteBuffer sector = ByteBuffer.allocate(SECTOR_BYTES);
    int at = place * APART_BYTES;
    while (sector.hasRemaining() && file.read(sector, at + (long) sector.position()) >= 0) {
      // Until it is full or the file ends.
    }
    sector.rewind();
    if (sector.equals(ByteBuffer.allocate(SECTOR_BYTES))) {
      return null;
    }
    int sum = sector.getInt();
    long number = sector.getLong();
    long term = sector.getLong();
    int length = sector.getInt();
    if (sum != sum(sector.array()) || number % PLACES != place || length > sector.remaining()) {
      throw new LogDamagedException(path + " is damaged at byte " + at);
    }
    byte[] votedFor = new byte[length];
    sector.get(votedFor);
    return new Numbered(number, new Vote(term, new String(votedFor, StandardCharsets.UTF_8)));
  }

  private static ByteBuffer encoded(Numbered numbered) {
    byte[] votedFor = numbered.vote.votedFor().getBytes(StandardCharsets.UTF_8);
    ByteBuffer sector = ByteBuffer.allocate(SECTOR_BYTES);
    sector.putInt(0).putLong(numbered.number).putLong(numbered.vote.term());
    sector.putInt(votedFor.length).put(votedFor);
    return sector.putInt(0, sum(sector.array())).rewind();
  }

  private static int sum(byte[] sector) {
    CRC32C crc = new CRC32C();
    crc.update(sector, SUM_BYTES, SECTOR_BYTES - SUM_BYTES);
    return (int) crc.getValue();
  }

  private static void write(FileChannel file, ByteBuffer bytes, long from) throws IOException {
    long at = from;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  /** What was written last. */
  public Vote newest() {
    return newest;
  }

  /** Takes the place of the one before the last, durably. */
  public void write(Vote vote) throws IOException {
    Numbered next = new Numbered(number + 1, vote);
    write(file, encoded(next), next.number % PLACES * APART_BYTES);
    file.force(false);
    number = next.number;
    newest = vote;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
