package io.cadastre.kv.serve;

import io.cadastre.kv.log.FullDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Room on the disk that is kept back in a file: a store cannot be opened without any, and a member
 * that ended on a full disk has to start on it.
 */
final class Reserve {

  private static final Logger LOG = System.getLogger(Reserve.class.getName());

  private static final int BYTES = 8 << 20;

  /** RocksDB claims 4 MiB for the file that tells of its tables, and begins some small ones. */
  private static final long NEEDED_BYTES = 5 << 20;

  private final Path directory;
  private final Path file;

  Reserve(Path directory) {
    this.directory = directory;
    file = directory.resolve("reserve");
  }

  /** Sees to it that there is room to start; gives away what was kept back where there is not. */
  void makeRoom() throws IOException {
    if (hasRoom()) {
      return;
    }
    if (Files.deleteIfExists(file)) {
      LOG.log(Level.WARNING, "{0} is full: starts with what was kept back in {1}", directory, file);
    }
    if (!hasRoom()) {
      throw new IOException(
          "data-dir: %s has %d bytes left (needed to start: %d)"
              .formatted(directory, FullDisk.usableBytes(directory), NEEDED_BYTES));
    }
  }

  private boolean hasRoom() {
    return FullDisk.usableBytes(directory) >= NEEDED_BYTES;
  }

  /** Keeps room back where that is not done yet. */
  void fill() {
    try {
      if (!Files.exists(file) || Files.size(file) < BYTES) {
        write();
      }
    } catch (IOException e) {
      if (!FullDisk.isCauseOf(e, directory, BYTES)) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void write() throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocate(BYTES);
      while (zeros.hasRemaining()) {
        int _ = out.write(zeros);
      }
      out.force(true);
    }
  }
}
