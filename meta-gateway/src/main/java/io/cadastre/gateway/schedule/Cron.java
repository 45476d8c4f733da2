package io.cadastre.gateway.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * The moments a cron line means in a time zone.
 *
 * <p>Where the clocks change, a line with fixed hours fires once: a time that the clocks skip fires
 * at the moment they skip it, a time they repeat fires the first time. A line of every hour follows
 * the hours as they pass, the repeated one twice.
 */
final class Cron {

  static final String ALLOWED =
      "five fields: minute hour day-of-month month day-of-week, such as 0 3 * * *; or @hourly,"
          + " @daily, @weekly, @monthly, @yearly";

  private static final int FIELDS = 5;

  private final CronExpression expression;
  private final ZoneId zone;
  private final boolean everyHour;

  private Cron(CronExpression expression, ZoneId zone, boolean everyHour) {
    this.expression = expression;
    this.zone = zone;
    this.everyHour = everyHour;
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException when it is none, or never fires
   */
  static Cron parse(String line, ZoneId zone) {
    String trimmed = line.trim();
    boolean macro = trimmed.startsWith("@");
    String[] fields = trimmed.split("\\s+", -1);
    if (!macro && fields.length != FIELDS) {
      throw new IllegalArgumentException("has " + fields.length + " fields");
    }
    CronExpression expression = CronExpression.parse(macro ? trimmed : "0 " + trimmed);
    if (expression.next(LocalDateTime.of(2000, 1, 1, 0, 0)) == null) {
      throw new IllegalArgumentException("never fires");
    }
    boolean everyHour = macro ? trimmed.equals("@hourly") : fields[1].matches("\\*(/1)?|0-23");
    return new Cron(expression, zone, everyHour);
  }

  /** The first firing after a moment; empty for a line of the past. */
  Optional<Instant> next(Instant after) {
    return Optional.ofNullable(everyHour ? nextOfEveryHour(after) : nextOfFixedHours(after));
  }

  private @Nullable Instant nextOfFixedHours(Instant after) {
    LocalDateTime local = LocalDateTime.ofInstant(after, zone);
    while (true) {
      local = expression.next(local);
      if (local == null) {
        return null;
      }
      Instant candidate = firstMomentOf(local);
      // In the repeated hour the times of the first pass come up again.
      if (candidate.isAfter(after)) {
        return candidate;
      }
    }
  }

  private Instant firstMomentOf(LocalDateTime local) {
    ZoneRules rules = zone.getRules();
    ZoneOffsetTransition transition = rules.getTransition(local);
    return transition != null && transition.isGap()
        ? transition.getInstant()
        : local.toInstant(rules.getValidOffsets(local).getFirst());
  }

  /** Within one offset local time passes evenly; at a change of offset the search starts anew. */
  private @Nullable Instant nextOfEveryHour(Instant after) {
    ZoneRules rules = zone.getRules();
    ZoneOffset offset = rules.getOffset(after);
    LocalDateTime from = LocalDateTime.ofInstant(after, offset);
    Instant moment = after;
    while (true) {
      LocalDateTime local = expression.next(from);
      if (local == null) {
        return null;
      }
      Instant candidate = local.toInstant(offset);
      ZoneOffsetTransition change = rules.nextTransition(moment);
      if (change == null || candidate.isBefore(change.getInstant())) {
        return candidate;
      }
      moment = change.getInstant();
      offset = change.getOffsetAfter();
      from = LocalDateTime.ofInstant(moment, offset).minusNanos(1);
    }
  }
}
