package io.cadastre.gateway.schedule;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Counts runs, and tells how late firings are. */
@Component
final class ScheduleMetrics {

  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Map<Job, Schedule> known = new ConcurrentHashMap<>();

  ScheduleMetrics(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    for (Job job : Job.values()) {
      for (RunStatus outcome : RunStatus.values()) {
        if (outcome != RunStatus.RUNNING) {
          runs(job, outcome);
        }
      }
      Gauge.builder("cadastre.schedule.lag", () -> lagSeconds(job))
          .description("How long the oldest firing that has not happened has been due.")
          .baseUnit("seconds")
          .tag("job", job.code())
          .register(registry);
    }
  }

  /** As last seen; the lag goes on growing from there when the database is out of reach. */
  void schedules(List<Schedule> schedules) {
    schedules.forEach(schedule -> known.put(schedule.job(), schedule));
  }

  void finished(Run run) {
    runs(run.job(), run.status()).increment();
  }

  private Counter runs(Job job, RunStatus outcome) {
    return Counter.builder("cadastre.runs")
        .description("Runs of schedules that ended, also those started by hand.")
        .tag("job", job.code())
        .tag("outcome", outcome.code())
        .register(registry);
  }

  private double lagSeconds(Job job) {
    Schedule schedule = known.get(job);
    return schedule == null ? 0 : schedule.lag(clock.instant()).toMillis() / 1000.0;
  }
}
