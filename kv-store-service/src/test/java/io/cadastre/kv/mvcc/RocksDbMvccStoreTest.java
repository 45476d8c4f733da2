package io.cadastre.kv.mvcc;

import io.cadastre.kv.engine.RocksDbEngine;
import io.cadastre.kv.engine.StorageEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksDbMvccStoreTest extends MvccStoreContract {

  @TempDir Path directory;

  @Override
  StorageEngine openEngine() {
    return new RocksDbEngine(directory.resolve("store"), 8 << 20);
  }
}
