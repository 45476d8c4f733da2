package io.cadastre.kv.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What connections of clients may take, or those of other members.
 *
 * @param most connections at a time; more are closed at once
 * @param callsOfOne calls of one connection at a time; more wait at the client
 * @param unsentBytesOfOne of answers that one connection does not take; then it is answered no more
 * @param beginWithin what does not say by then what it wants is closed
 * @param pingEvery how often a quiet client is asked whether it is there
 * @param pingTimeout and how long it may take to say so
 */
public record ConnectionLimits(
    int most,
    int callsOfOne,
    long unsentBytesOfOne,
    Duration beginWithin,
    Duration pingEvery,
    Duration pingTimeout) {

  /** As with etcd, for the files and connections of the member itself. */
  private static final int RESERVED_FILES = 150;

  /** Some of those. A member takes two, and for a moment twice as many when it connects anew. */
  private static final int MOST_OF_MEMBERS = 100;

  private static final int FEWEST = 50;
  private static final int CALLS_OF_ONE = 32_768;
  private static final long UNSENT_BYTES_OF_ONE = 32 << 20;
  private static final int MOST_WITHOUT_LIMIT = 100_000;

  /** For this process; there have to be files left for itself. */
  public static ConnectionLimits ofProcess() {
    return new ConnectionLimits(
        mostOfProcess(),
        CALLS_OF_ONE,
        UNSENT_BYTES_OF_ONE,
        Duration.ofSeconds(20),
        Duration.ofMinutes(1),
        Duration.ofSeconds(20));
  }

  /** For other members, who are few and say at once what they want. */
  public static ConnectionLimits ofMembers() {
    return new ConnectionLimits(
        MOST_OF_MEMBERS,
        CALLS_OF_ONE,
        // What they ask for they take.
        Long.MAX_VALUE,
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        Duration.ofSeconds(20));
  }

  private static int mostOfProcess() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long files = system.getMaxFileDescriptorCount() - RESERVED_FILES;
      return Math.clamp(files, FEWEST, MOST_WITHOUT_LIMIT);
    }
    return MOST_WITHOUT_LIMIT;
  }
}
