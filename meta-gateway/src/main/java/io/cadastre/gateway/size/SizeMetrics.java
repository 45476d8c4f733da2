package io.cadastre.gateway.size;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts samples. */
@Component
final class SizeMetrics {

  private final Counter samples;

  SizeMetrics(MeterRegistry registry) {
    samples =
        Counter.builder("cadastre.size.samples")
            .description("Sizes of databases that were stored.")
            .register(registry);
  }

  void samplesSaved(int count) {
    samples.increment(count);
  }
}
