package io.cadastre.kv.port;

import java.time.Duration;

/**
 * Which calls are let in.
 *
 * @param messageBytes what is larger is not read
 * @param pingsAtMostEvery a client that pings more often is cut off
 * @param json whether the services are served as JSON, too
 */
public record CallLimits(int messageBytes, Duration pingsAtMostEvery, boolean json) {

  /** Bytes are a third longer as JSON. */
  int jsonBytes() {
    return 2 * messageBytes;
  }
}
