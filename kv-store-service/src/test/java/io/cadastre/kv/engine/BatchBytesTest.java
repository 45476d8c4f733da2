package io.cadastre.kv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class BatchBytesTest {

  static {
    NativeLibrary.load();
  }

  @TempDir Path directory;

  @Test
  void areWhatRocksDbMakesOfTheSameChanges() throws Exception {
    Changes changes = new Changes();
    Random random = new Random(1);
    List<Bucket> buckets = List.of(Bucket.values());
    for (int length : new int[] {0, 1, 127, 128, 300, 16_383, 16_384, 100_000}) {
      Bucket bucket = buckets.get(length % buckets.size());
      byte[] key = bytes(random, length % 500);
      Changes _ = changes.put(bucket, key, bytes(random, length)).delete(Bucket.META, key);
    }

    try (RocksDbFiles files = new RocksDbFiles(directory, 1 << 20);
        WriteBatch expected = new WriteBatch()) {
      changes.applyTo(new Calls(files, expected));

      assertThat(BatchBytes.of(changes, files::familyNumber)).isEqualTo(expected.data());
    }
  }

  @Test
  void familiesWithLongNumbersHaveThemToo() {
    byte[] key = {7};

    assertThat(BatchBytes.of(new Changes().delete(Bucket.KEY, key), Map.of(Bucket.KEY, 300)::get))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4, 0xac, 2, 1, 7);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private record Calls(RocksDbFiles files, WriteBatch batch)
      implements Changes.Target<RocksDBException> {

    @Override
    public void put(Bucket bucket, byte[] key, byte[] value) throws RocksDBException {
      batch.put(family(bucket), key, value);
    }

    @Override
    public void delete(Bucket bucket, byte[] key) throws RocksDBException {
      batch.delete(family(bucket), key);
    }

    private ColumnFamilyHandle family(Bucket bucket) {
      return files.family(bucket);
    }
  }
}
