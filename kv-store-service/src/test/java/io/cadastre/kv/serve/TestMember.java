package io.cadastre.kv.serve;

import io.cadastre.kv.compaction.Retention;
import io.cadastre.kv.connection.ConnectionLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A member that is a cluster of its own, on free ports. */
final class TestMember {

  private TestMember() {}

  static KvSettings settings(Path directory, ClientSettings clients) {
    return settings(directory, KvSettings.DEFAULT_QUOTA_BYTES, clients);
  }

  static KvSettings settings(Path directory, long quotaBytes, ClientSettings clients) {
    return settings(directory, false, quotaBytes, clients);
  }

  static ClientSettings clients(ConnectionLimits limits) {
    return new ClientSettings(null, false, false, false, limits);
  }

  /** Of which nothing is left in the directory that could be opened again. */
  static KvSettings inMemory(Path directory, ClientSettings clients) {
    return settings(directory, true, KvSettings.DEFAULT_QUOTA_BYTES, clients);
  }

  private static KvSettings settings(
      Path directory, boolean memory, long quotaBytes, ClientSettings clients) {
    return new KvSettings(
        "m1",
        directory,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        List.of(),
        memory,
        quotaBytes,
        new Retention.Everything(),
        clients,
        PeerSettings.alone());
  }
}
