package io.cadastre.kv.serve;

import io.cadastre.kv.port.Page;
import io.cadastre.kv.port.Pages;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Health, version and metrics, under etcd's paths. */
final class StatusPages implements Pages {

  private final HealthChecks checks;
  private final Supplier<String> metrics;

  StatusPages(HealthChecks checks, Supplier<String> metrics) {
    this.checks = checks;
    this.metrics = metrics;
  }

  @Override
  public Page page(String path, Map<String, List<String>> query) {
    return switch (path) {
      case "/health" -> checks.health(query);
      case "/version" -> version();
      case "/metrics" ->
          new Page(Page.OK, "text/plain; version=0.0.4; charset=utf-8", metrics.get());
      default -> {
        if (path.equals("/livez") || path.startsWith("/livez/")) {
          yield checks.live(path, query);
        }
        if (path.equals("/readyz") || path.startsWith("/readyz/")) {
          yield checks.ready(path, query);
        }
        yield Page.notFound();
      }
    };
  }

  private static Page version() {
    return Page.json(
        Page.OK,
        "{\"etcdserver\":\"%1$s\",\"etcdcluster\":\"%1$s\",\"storage\":\"%1$s\"}\n"
            .formatted(MaintenanceService.VERSION));
  }
}
