package io.cadastre.gateway.schedule;

import io.cadastre.gateway.problem.Violations;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an administrator may change of a schedule; all of it is given. */
record ScheduleSettings(
    @Nullable String cron,
    @Nullable String timeZone,
    @Nullable Integer spreadMinutes,
    @Nullable Integer parallel,
    @Nullable Boolean enabled) {

  private static final int SPREAD_MAX = 24 * 60;
  private static final int PARALLEL_MAX = 1000;
  private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();
  private static final String ZONES_ALLOWED =
      "a name of the IANA time zone database, such as UTC or Europe/Berlin";

  /** Settings that make sense. */
  record Valid(String cron, String timeZone, int spreadMinutes, int parallel, boolean enabled) {}

  /**
   * Names everything that is wrong.
   *
   * @throws io.cadastre.gateway.problem.ProblemException with status 400
   */
  Valid validated() {
    var violations = new Violations();
    boolean zoneKnown = timeZone != null && ZONES.contains(timeZone);
    violations.check(zoneKnown, "time_zone", timeZone, ZONES_ALLOWED);
    checkCron(violations, zoneKnown ? timeZone : "UTC");
    violations.check(
        spreadMinutes != null && spreadMinutes >= 0 && spreadMinutes <= SPREAD_MAX,
        "spread_minutes",
        spreadMinutes,
        "0 to " + SPREAD_MAX);
    violations.check(
        parallel != null && parallel >= 1 && parallel <= PARALLEL_MAX,
        "parallel",
        parallel,
        "1 to " + PARALLEL_MAX);
    violations.check(enabled != null, "enabled", null, "true or false");
    violations.refuseIfAny();
    return new Valid(
        given(cron), given(timeZone), given(spreadMinutes), given(parallel), given(enabled));
  }

  private void checkCron(Violations violations, @Nullable String zone) {
    if (cron == null) {
      violations.add("cron", null, Cron.ALLOWED);
      return;
    }
    try {
      Cron.parse(cron, ZoneId.of(given(zone)));
    } catch (IllegalArgumentException | DateTimeException e) {
      violations.add("cron", cron, Cron.ALLOWED + "; it must fire some day");
    }
  }

  private static <T> T given(@Nullable T value) {
    return java.util.Objects.requireNonNull(value);
  }
}
