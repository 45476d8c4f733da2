package io.cadastre.kv.serve;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member's files: one process at a time, in a layout that this version knows. */
final class DataDirectory implements AutoCloseable {

  private static final String LAYOUT = "cadastre-kv 2";

  private final Path root;
  private final FileChannel lockFile;
  private final long clusterId;
  private final long memberId;

  private DataDirectory(Path root, FileChannel lockFile, long clusterId, long memberId) {
    this.root = root;
    this.lockFile = lockFile;
    this.clusterId = clusterId;
    this.memberId = memberId;
  }

  static DataDirectory open(Path root) throws IOException {
    Files.createDirectories(root);
    FileChannel lockFile =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = lockFile.tryLock();
    if (lock == null) {
      lockFile.close();
      throw new IOException(root + " is in use by another process");
    }
    Path identity = root.resolve("member");
    if (!Files.exists(identity)) {
      write(identity);
    }
    List<String> lines = Files.readAllLines(identity);
    if (lines.size() != 3 || !lines.getFirst().equals(LAYOUT)) {
      lockFile.close();
      throw new IOException(identity + ": " + lines + " (allowed: a directory of " + LAYOUT + ")");
    }
    return new DataDirectory(
        root,
        lockFile,
        Long.parseUnsignedLong(lines.get(1), 16),
        Long.parseUnsignedLong(lines.get(2), 16));
  }

  private static void write(Path identity) throws IOException {
    SecureRandom random = new SecureRandom();
    Path draft = identity.resolveSibling("member.new");
    Files.write(
        draft,
        List.of(
            LAYOUT,
            Long.toHexString(random.nextLong() | 1),
            Long.toHexString(random.nextLong() | 1)));
    try (FileChannel written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(draft, identity);
  }

  long clusterId() {
    return clusterId;
  }

  long memberId() {
    return memberId;
  }

  Path store() throws IOException {
    return Files.createDirectories(root.resolve("store"));
  }

  Path log() throws IOException {
    return Files.createDirectories(root.resolve("log"));
  }

  Path scratch() throws IOException {
    return Files.createDirectories(root.resolve("scratch"));
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
