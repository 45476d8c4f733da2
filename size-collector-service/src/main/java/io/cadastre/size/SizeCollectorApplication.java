package io.cadastre.size;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Measures the databases of registered instances. */
@SpringBootApplication
public class SizeCollectorApplication {

  /**
   * Ready to run; its settings are in {@code size-collector-service.yml}, so that several services
   * fit one class path.
   */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(SizeCollectorApplication.class)
        .properties("spring.config.name=size-collector-service");
  }

  /** Starts it as a process of its own. */
  public static void main(String[] args) {
    builder().run(args);
  }
}
