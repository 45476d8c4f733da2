package io.cadastre.gateway;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The register: the only writer of metadata. */
@SpringBootApplication
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
}
