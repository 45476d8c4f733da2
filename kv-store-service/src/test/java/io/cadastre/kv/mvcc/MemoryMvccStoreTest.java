package io.cadastre.kv.mvcc;

import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.engine.StorageEngine;

class MemoryMvccStoreTest extends MvccStoreContract {

  @Override
  StorageEngine openEngine() {
    return new MemoryEngine();
  }
}
