package io.cadastre.kv.engine;

class MemoryEngineTest extends StorageEngineContract {

  @Override
  StorageEngine open() {
    return new MemoryEngine();
  }
}
