package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.Member;
import io.cadastre.kv.cluster.Bootstrap;
import io.cadastre.kv.raft.RaftSettings;
import io.cadastre.kv.serve.DataDirectory.Identity;
import io.cadastre.kv.tls.TlsFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a member meets the others.
 *
 * @param listen where they come in, the first one first; port 0 = a free one
 * @param advertised what they are told; empty = where it listens
 * @param tls null = in the clear
 * @param snapshotEntries after so many commands the state is saved and the log cut
 * @param corruptCheckInterval how often members compare what they have; zero = never
 * @param strict whether members are not changed where that could cost the majority
 * @param reachedBeforeChange so long a majority has to be reached before it is changed
 */
public record PeerSettings(
    List<InetSocketAddress> listen,
    List<String> advertised,
    Bootstrap bootstrap,
    @Nullable TlsFiles tls,
    Duration electionTimeout,
    Duration heartbeatInterval,
    long snapshotEntries,
    Duration corruptCheckInterval,
    boolean strict,
    Duration reachedBeforeChange) {

  /** As etcd has them. */
  public static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(1);

  public static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(100);
  public static final long SNAPSHOT_ENTRIES = 100_000;

  public static final Duration REACHED_BEFORE_CHANGE = Duration.ofSeconds(5);

  /** etcd never looks by itself. */
  public static final Duration CORRUPT_CHECK_INTERVAL = Duration.ofSeconds(25);

  public PeerSettings {
    listen = List.copyOf(listen);
    advertised = List.copyOf(advertised);
  }

  /** With one address, and strict. */
  public PeerSettings(
      InetSocketAddress listen,
      List<String> advertised,
      Bootstrap bootstrap,
      @Nullable TlsFiles tls,
      Duration electionTimeout,
      Duration heartbeatInterval,
      long snapshotEntries,
      Duration corruptCheckInterval) {
    this(
        List.of(listen),
        advertised,
        bootstrap,
        tls,
        electionTimeout,
        heartbeatInterval,
        snapshotEntries,
        corruptCheckInterval,
        true,
        REACHED_BEFORE_CHANGE);
  }

  /** A cluster of one. */
  public static PeerSettings alone() {
    return new PeerSettings(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        List.of(),
        Bootstrap.alone(),
        null,
        ELECTION_TIMEOUT,
        HEARTBEAT_INTERVAL,
        SNAPSHOT_ENTRIES,
        CORRUPT_CHECK_INTERVAL);
  }

  /** One and a half elections, in whole seconds. */
  long shortestLeaseSeconds() {
    return Math.ceilDiv(3 * electionTimeout.toMillis(), 2_000);
  }

  /**
   * What Raft needs to know.
   *
   * @param directory for the log, votes and snapshots
   */
  RaftSettings raft(Identity identity, Path directory, boolean memory) {
    return new RaftSettings(
        identity.clusterId(),
        identity.memberId(),
        identity.initialMembers().stream().map(Member::getID).toList(),
        directory,
        memory,
        electionTimeout,
        heartbeatInterval,
        snapshotEntries);
  }
}
