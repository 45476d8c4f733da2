package io.cadastre.kv.serve;

import io.cadastre.kv.compaction.Retention;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * What a member is started with.
 *
 * @param listen where clients come in, the first one first; port 0 = a free one
 * @param advertised what clients are told; empty = where it listens
 * @param memory whether everything is gone with the process
 * @param quotaBytes from where on nothing is stored any more
 * @param retention how much history is kept
 * @param clients how clients are met
 * @param peers how it meets the other members
 */
public record KvSettings(
    String name,
    Path dataDirectory,
    List<InetSocketAddress> listen,
    List<String> advertised,
    boolean memory,
    long quotaBytes,
    Retention retention,
    ClientSettings clients,
    PeerSettings peers) {

  /** As etcd has it. */
  public static final long DEFAULT_QUOTA_BYTES = 2L << 30;

  public KvSettings {
    listen = List.copyOf(listen);
    advertised = List.copyOf(advertised);
  }

  /** With one address. */
  public KvSettings(
      String name,
      Path dataDirectory,
      InetSocketAddress listen,
      List<String> advertised,
      boolean memory,
      long quotaBytes,
      Retention retention,
      ClientSettings clients,
      PeerSettings peers) {
    this(
        name,
        dataDirectory,
        List.of(listen),
        advertised,
        memory,
        quotaBytes,
        retention,
        clients,
        peers);
  }

  /** Of a cluster of one, with clients as they are met by default. */
  public KvSettings(
      String name,
      Path dataDirectory,
      InetSocketAddress listen,
      List<String> advertised,
      boolean memory,
      long quotaBytes,
      Retention retention) {
    this(
        name,
        dataDirectory,
        listen,
        advertised,
        memory,
        quotaBytes,
        retention,
        ClientSettings.DEFAULT,
        PeerSettings.alone());
  }
}
