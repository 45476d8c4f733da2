package io.cadastre.standalone;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;

/** One service in this process, as it would run by itself, on the loopback address. */
final class ServiceContext implements AutoCloseable {

  /**
   * What only the gateway's libraries bring: on its own class path a worker has none of it, and
   * must not have it here.
   */
  private static final List<String> GATEWAY_ONLY =
      List.of(
          "org.springframework.boot.flyway.",
          "org.springframework.boot.jdbc.",
          "org.springframework.boot.r2dbc.",
          "org.springframework.boot.security.",
          "org.springframework.boot.sql.",
          "org.springframework.boot.transaction.",
          "org.springframework.boot.persistence.");

  private final ConfigurableApplicationContext context;

  private ServiceContext(ConfigurableApplicationContext context) {
    this.context = context;
  }

  static ServiceContext gateway(SpringApplicationBuilder builder, Map<String, ?> settings) {
    return start(builder, settings, Stream.empty());
  }

  static ServiceContext worker(SpringApplicationBuilder builder, Map<String, ?> settings) {
    return start(
        builder,
        settings,
        Stream.of("--spring.autoconfigure.exclude=" + String.join(",", gatewayOnly())));
  }

  private static ServiceContext start(
      SpringApplicationBuilder builder, Map<String, ?> settings, Stream<String> more) {
    Stream<String> common =
        Stream.of(
            "--server.address=127.0.0.1",
            // Each service its own numbers, though they share the process.
            "--management.metrics.use-global-registry=false",
            "--server.shutdown=graceful",
            "--spring.lifecycle.timeout-per-shutdown-phase=10s");
    Stream<String> own =
        settings.entrySet().stream().map(entry -> "--" + entry.getKey() + "=" + entry.getValue());
    String[] arguments =
        Stream.of(common, own, more).flatMap(stream -> stream).toArray(String[]::new);
    return new ServiceContext(
        builder
            .bannerMode(Banner.Mode.OFF)
            // The whole is stopped in order, by one hook.
            .registerShutdownHook(false)
            .run(arguments));
  }

  static List<String> gatewayOnly() {
    return ImportCandidates.load(AutoConfiguration.class, ServiceContext.class.getClassLoader())
        .getCandidates()
        .stream()
        .filter(name -> GATEWAY_ONLY.stream().anyMatch(name::startsWith))
        .toList();
  }

  @Override
  public void close() {
    context.close();
  }
}
