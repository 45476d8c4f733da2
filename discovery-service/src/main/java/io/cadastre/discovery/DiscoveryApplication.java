package io.cadastre.discovery;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Finds the databases of registered instances. */
@SpringBootApplication
public class DiscoveryApplication {

  /**
   * Ready to run; its settings are in {@code discovery-service.yml}, so that several services fit
   * one class path.
   */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(DiscoveryApplication.class)
        .properties("spring.config.name=discovery-service");
  }

  /** Starts it as a process of its own. */
  public static void main(String[] args) {
    builder().run(args);
  }
}
