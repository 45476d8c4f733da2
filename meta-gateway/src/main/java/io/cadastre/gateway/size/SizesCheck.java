package io.cadastre.gateway.size;

import io.cadastre.contracts.events.DatabaseFailure;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.SizesCollected;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what cannot be stored before the database does, so that the reason is a sentence. */
final class SizesCheck {

  /** A worker's clock may be ahead of the gateway's by this much. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private SizesCheck() {}

  /** What is wrong with a message; empty where nothing is. */
  static Optional<String> problemOf(SizesCollected event, Instant oldest, Instant now) {
    Instant at = event.collectedAt();
    if (at.isBefore(oldest) || at.isAfter(now.plus(CLOCK_SKEW))) {
      return Optional.of(
          "collected_at: %s (allowed: %s to %s)".formatted(at, oldest, now.plus(CLOCK_SKEW)));
    }
    Set<String> seen = new HashSet<>();
    Stream<String> names =
        Stream.concat(
            event.databases().stream().map(DatabaseSize::name),
            event.failures().stream().map(DatabaseFailure::name));
    Optional<String> name =
        names.map(each -> problemOfName(each, seen)).flatMap(Optional::stream).findFirst();
    return name.isPresent()
        ? name
        : event.databases().stream()
            .flatMap(size ->
                Stream.of(size.sizeBytes(), size.dataBytes(), size.indexBytes(), size.freeBytes())
                    .filter(Objects::nonNull)
                    .filter(bytes -> bytes < 0)
                    .map(bytes ->
                        "size of database '%s': %d (allowed: 0 and above)"
                            .formatted(size.name(), bytes)))
            .findFirst();
  }

  private static Optional<String> problemOfName(String name, Set<String> seen) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      return Optional.of("database name: '%s' (allowed: not empty, no NUL)".formatted(name));
    }
    return seen.add(name) ? Optional.empty() : Optional.of("database '" + name + "' comes twice");
  }
}
