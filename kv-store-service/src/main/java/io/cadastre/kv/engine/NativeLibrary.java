package io.cadastre.kv.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * RocksDB's library, which has to be a file for as long as it is being loaded. RocksDB would delete
 * it when the process ends; every one that is killed would leave its 15 MB behind.
 */
final class NativeLibrary {

  private NativeLibrary() {}

  /** Once; nobody else unpacks it after that. */
  static void load() {
    try {
      Path folder = Files.createTempDirectory("cadastre-kv-rocksdb");
      try {
        NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack RocksDB's library", e);
    }
    RocksDB.loadLibrary();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }
}
