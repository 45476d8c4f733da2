package io.cadastre.gateway;

import io.cadastre.keptconnections.TurnPerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The register: the only writer of metadata. */
@SpringBootApplication(exclude = ReactiveUserDetailsServiceAutoConfiguration.class)
@Import(TurnPerRequest.class)
public class GatewayApplication {

  /**
   * Ready to run; its settings are in {@code meta-gateway.yml}, so that several services fit one
   * class path.
   */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(GatewayApplication.class)
        .properties("spring.config.name=meta-gateway");
  }

  /** Starts it as a process of its own. */
  public static void main(String[] args) {
    builder().run(args);
  }

  /** In microseconds, as PostgreSQL keeps times, so that what is written is what is read back. */
  @Bean
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
  }

  @Bean
  Supplier<UUID> ids() {
    return UUID::randomUUID;
  }
}
