package io.cadastre.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Everything one standalone Cadastre keeps. The file {@code layout} says how the rest is laid out;
 * a layout from another version of this program is refused rather than guessed at.
 */
final class DataDirectory implements AutoCloseable {
  private static final String LAYOUT = "1";

  private final Path root;
  private final boolean temporary;
  private final FileChannel lock;

  private DataDirectory(Path root, boolean temporary, FileChannel lock) {
    this.root = root;
    this.temporary = temporary;
    this.lock = lock;
  }

  /** Opens it, creates it where it is missing, and keeps others out. */
  static DataDirectory open(@Nullable Path wanted) throws IOException {
    boolean temporary = wanted == null;
    Path root =
        wanted == null
            ? Files.createTempDirectory("cadastre-up-").toRealPath()
            : createPrivately(wanted.toAbsolutePath().normalize()).toRealPath();
    checkLayout(root);
    var lock =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isFree(lock)) {
      lock.close();
      throw new AlreadyRunningException(root, RunningFile.read(root));
    }
    if (!Files.exists(root.resolve("layout"))) {
      Files.writeString(root.resolve("layout"), LAYOUT + System.lineSeparator());
    }
    return new DataDirectory(root, temporary, lock);
  }

  private static boolean isFree(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  private static Path createPrivately(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return directory;
    }
    try {
      if (directory.getParent() != null) {
        Files.createDirectories(directory.getParent());
      }
      return Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(e.getMessage() + ": a file (expected: a directory)", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          directory + ": cannot be created (" + e + "; expected: a place one may write to)", e);
    }
  }

  private static void checkLayout(Path root) throws IOException {
    Path file = root.resolve("layout");
    if (Files.exists(file)) {
      String layout = Files.readString(file).strip();
      if (!layout.equals(LAYOUT)) {
        throw new IllegalArgumentException(
            "%s: layout %s is not known to this version (expected: %s); use the version that wrote"
                    .formatted(root, layout, LAYOUT)
                + " it, or another directory");
      }
      return;
    }
    try (var entries = Files.list(root)) {
      var foreign = entries.filter(entry -> !entry.endsWith("lock")).min(Comparator.naturalOrder());
      if (foreign.isPresent()) {
        throw new IllegalArgumentException(
            "%s: not empty and not of Cadastre, it holds %s (expected: an empty directory or one"
                    .formatted(root, foreign.get().getFileName())
                + " that Cadastre made)");
      }
    }
  }

  boolean temporary() {
    return temporary;
  }

  Path root() {
    return root;
  }

  Path resolve(String name) {
    return root.resolve(name);
  }

  /** The log of all services. */
  Path log() {
    return root.resolve("cadastre.log");
  }

  @Override
  public void close() throws IOException {
    RunningFile.delete(root);
    lock.close();
    if (temporary) {
      try (var all = Files.walk(root)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
