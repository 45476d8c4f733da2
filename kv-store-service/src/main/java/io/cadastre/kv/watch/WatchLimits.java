package io.cadastre.kv.watch;

import java.time.Duration;

/**
 * Bounds of what watching may take.
 *
 * @param pageBytes events handled at a time
 * @param recentBytes transactions kept for the watchers that keep up
 * @param streamBytes what lies ready for one client before its watches wait
 * @param totalBytes the same for all clients together; beyond it each has one response
 * @param fragmentBytes size of the pieces for those who take pieces
 * @param progressInterval how often a quiet watch hears how far it has come
 */
public record WatchLimits(
    long pageBytes,
    long recentBytes,
    long streamBytes,
    long totalBytes,
    int fragmentBytes,
    Duration progressInterval) {

  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** The largest request with what surrounds it: where etcd cuts. */
  private static final int FRAGMENT_BYTES = MIB + MIB / 2 + MIB / 2;

  /** For a server of ordinary size; progress as often as etcd. */
  public static final WatchLimits DEFAULT =
      new WatchLimits(
          128 * KIB, 16 * MIB, 512 * KIB, 64L * MIB, FRAGMENT_BYTES, Duration.ofMinutes(10));

  /** The same for requests of another size, and progress at other times. */
  public WatchLimits with(int fragment, Duration progress) {
    return new WatchLimits(pageBytes, recentBytes, streamBytes, totalBytes, fragment, progress);
  }
}
