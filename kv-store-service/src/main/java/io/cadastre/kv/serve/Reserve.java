package io.cadastre.kv.serve;

import io.cadastre.kv.log.FullDisk;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

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

  /** As a file without a channel: who stops the member may interrupt this. */
  private void write() throws IOException {
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(new byte[BYTES]);
      out.getFD().sync();
    }
  }
}
