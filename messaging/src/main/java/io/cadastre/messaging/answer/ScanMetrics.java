package io.cadastre.messaging.answer;

import io.cadastre.contracts.events.Engine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts and times scans: {@code cadastre_scans_total}, {@code cadastre_scan_duration_seconds}. */
public final class ScanMetrics {

  private final MeterRegistry meters;
  private final AtomicInteger running = new AtomicInteger();

  public ScanMetrics(MeterRegistry meters) {
    this.meters = meters;
    Gauge.builder("cadastre.scans.running", running, AtomicInteger::get)
        .description("Commands being worked on now")
        .register(meters);
  }

  /** A scan begins. */
  public Running start(String kind, Engine engine) {
    running.incrementAndGet();
    return new Running(kind, engine, Timer.start(meters));
  }

  /** One scan; ended once, whatever comes of it. */
  public final class Running {

    private final String kind;
    private final Engine engine;
    private final Timer.Sample sample;

    private Running(String kind, Engine engine, Timer.Sample sample) {
      this.kind = kind;
      this.engine = engine;
      this.sample = sample;
    }

    /** With {@code succeeded}, the code of a failure, or {@code abandoned}. */
    public void end(String outcome) {
      running.decrementAndGet();
      Tags tags =
          Tags.of("kind", kind, "engine", engine.name().toLowerCase(Locale.ROOT))
              .and("outcome", outcome);
      Counter.builder("cadastre.scans")
          .description("Commands answered")
          .tags(tags)
          .register(meters)
          .increment();
      sample.stop(
          Timer.builder("cadastre.scan.duration")
              .description("From taking a command to its acknowledged answer")
              .publishPercentileHistogram()
              .tags(tags)
              .register(meters));
    }
  }
}
