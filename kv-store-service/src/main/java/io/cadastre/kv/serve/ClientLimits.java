package io.cadastre.kv.serve;

import java.time.Duration;

/**
 * What a client may want.
 *
 * @param requestBytes of a request
 * @param txnOps of a transaction
 * @param pingsAtMostEvery a client that pings more often is cut off
 * @param progressEvery a quiet watch that asked for it hears so often how far it has come
 * @param tokenLife an unused token ends after it
 */
public record ClientLimits(
    int requestBytes,
    int txnOps,
    Duration pingsAtMostEvery,
    Duration progressEvery,
    Duration tokenLife) {

  /** As etcd has them. */
  public static final ClientLimits DEFAULT =
      new ClientLimits(
          3 << 19, 128, Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofMinutes(5));

  private static final int AROUND_BYTES = 512 << 10;

  /** A request with what surrounds it: what is larger is refused before it is read. */
  public int messageBytes() {
    return requestBytes + AROUND_BYTES;
  }
}
