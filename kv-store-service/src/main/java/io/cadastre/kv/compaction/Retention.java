package io.cadastre.kv.compaction;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** How much history is kept. */
public sealed interface Retention {

  /** All of it, until somebody compacts. */
  record Everything() implements Retention {}

  /** What is younger. */
  record Period(Duration kept) implements Retention {}

  /** The newest revisions. */
  record Revisions(long kept) implements Retention {}

  /**
   * As etcd's options spell it.
   *
   * @param mode periodic or revision
   * @param retention a number, of hours where the mode is periodic, or a duration as 90m; 0 = all
   */
  static Retention parse(String mode, String retention) {
    try {
      return switch (mode) {
        case "periodic" -> {
          Duration kept = duration(retention);
          yield kept.isZero() ? new Everything() : new Period(kept);
        }
        case "revision" -> {
          long kept = Long.parseUnsignedLong(retention);
          yield kept == 0 ? new Everything() : new Revisions(kept);
        }
        default ->
            throw new IllegalArgumentException(
                "auto-compaction-mode: " + mode + " (allowed: periodic, revision)");
      };
    } catch (NumberFormatException | DateTimeParseException e) {
      throw new IllegalArgumentException(
          "auto-compaction-retention: " + retention + " (allowed: a number, or 90m, 1h30m)", e);
    }
  }

  private static Duration duration(String text) {
    return text.chars().allMatch(Character::isDigit)
        ? Duration.ofHours(Long.parseUnsignedLong(text))
        : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }
}
