package io.cadastre.contracts.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of a {@link TestConnection}.
 *
 * @param server present where the connection was made
 * @param latencyMillis from opening the socket to the first answered query, likewise
 * @param advice privileges the account lacks and what will not work without them
 * @param failure present where it was not made
 */
public record ConnectionTested(
    long instanceId,
    Scan scan,
    Engine engine,
    Instant testedAt,
    @Nullable ServerInfo server,
    @Nullable Long latencyMillis,
    List<String> advice,
    @Nullable Failure failure)
    implements ScanEvent {

  public ConnectionTested {
    advice = List.copyOf(requireNonNull(advice, "advice is missing"));
  }

  @Override
  public Instant attemptedAt() {
    return testedAt;
  }
}
