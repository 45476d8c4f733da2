package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.Changes;
import io.cadastre.kv.engine.StorageEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member whose data are not what was agreed on. */
class CorruptionTest {

  @TempDir private Path directory;

  @Test
  void whoseDataDeviateIsFoundAndStopsTheWrites() throws Exception {
    try (TestCluster cluster = TestCluster.start(directory, false, 100_000, "a", "b", "c")) {
      cluster.put("a", "key", "value");
      cluster.assertSameHistory();
      String odd = cluster.followers().getFirst();
      assertThat(cluster.get(odd, "key")).isEqualTo("value");
      flipOneBit(cluster.server(odd).engine());
      long id = cluster.status(odd).getHeader().getMemberId();
      cluster.awaitCorrupt(id);
      assertThatThrownBy(() -> cluster.put("a", "key", "other"))
          .hasMessageContaining("corrupt cluster");
    }
  }

  private static void flipOneBit(StorageEngine engine) {
    Changes changes = new Changes();
    engine.scan(
        Bucket.KEY,
        new byte[0],
        null,
        (key, value) -> {
          value[value.length - 1] ^= 1;
          changes.put(Bucket.KEY, key, value);
          return false;
        });
    engine.write(changes);
  }
}
