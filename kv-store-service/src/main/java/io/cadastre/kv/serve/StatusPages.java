package io.cadastre.kv.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cadastre.contracts.kv.AlarmType;
import io.cadastre.kv.alarm.Alarms;
import io.cadastre.kv.raft.RaftMember;
import io.cadastre.kv.raft.Standing;
import io.cadastre.kv.state.StateMachine;
import io.cadastre.kv.watch.WatchCounts;
import io.cadastre.kv.watch.WatchHub;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Health, version and metrics over HTTP, under etcd's paths and names. */
final class StatusPages implements AutoCloseable {

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final Answers answers;
  private final Quota quota;
  private final WatchHub hub;
  private final RaftMember member;
  private final HttpServer server;

  /** Serves them. */
  StatusPages(
      Answers answers, Quota quota, WatchHub hub, RaftMember member, InetSocketAddress listen)
      throws IOException {
    this.answers = answers;
    this.quota = quota;
    this.hub = hub;
    this.member = member;
    server = HttpServer.create(listen, 0);
    server.setExecutor(answers.blocking());
    page("/health", "application/json", this::health);
    page("/livez", "text/plain", this::live);
    page("/readyz", "text/plain", this::ready);
    page("/version", "application/json", StatusPages::version);
    page("/metrics", "text/plain; version=0.0.4", this::metrics);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private record Page(int status, String text) {}

  private void page(String path, String type, Supplier<Page> content) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            boolean found = exchange.getRequestURI().getPath().equals(path);
            write(exchange, type, found ? content.get() : new Page(404, "not found\n"));
          }
        });
  }

  private static void write(HttpExchange exchange, String type, Page page) throws IOException {
    byte[] body = page.text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(page.status, body.length);
    exchange.getResponseBody().write(body);
  }

  private Page health() {
    Alarms alarms = answers.state().alarms();
    for (AlarmType kind : new AlarmType[] {AlarmType.NOSPACE, AlarmType.CORRUPT}) {
      if (alarms.isOn(kind)) {
        return new Page(UNAVAILABLE, "{\"health\":\"false\",\"reason\":\"ALARM " + kind + "\"}\n");
      }
    }
    return member.standing().hasLeader()
        ? new Page(OK, "{\"health\":\"true\",\"reason\":\"\"}\n")
        : new Page(UNAVAILABLE, "{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}\n");
  }

  private Page live() {
    return member.ended().isDone() ? new Page(UNAVAILABLE, "stopped\n") : new Page(OK, "ok\n");
  }

  private Page ready() {
    return answers.state().alarms().isOn(AlarmType.CORRUPT)
        ? new Page(UNAVAILABLE, "[-]data_corruption failed\n")
        : live();
  }

  private static Page version() {
    String version = MaintenanceService.VERSION;
    return new Page(
        OK,
        "{\"etcdserver\":\"%1$s\",\"etcdcluster\":\"%1$s\",\"storage\":\"%1$s\"}\n"
            .formatted(version));
  }

  private Page metrics() {
    StateMachine state = answers.state();
    WatchCounts watched = hub.counts();
    StringBuilder text = new StringBuilder();
    Standing standing = member.standing();
    boolean learns = state.members().isLearner(answers.self().memberId());
    gauge(
        text, "etcd_server_has_leader", "Whether there is a leader.", standing.hasLeader() ? 1 : 0);
    gauge(text, "etcd_server_is_leader", "Whether this member leads.", standing.leading() ? 1 : 0);
    gauge(text, "etcd_server_is_learner", "Whether this member only learns.", learns ? 1 : 0);
    counter(text, "etcd_server_proposals_committed_total", "In the log.", member.committedIndex());
    counter(text, "etcd_server_proposals_applied_total", "Applied.", state.appliedIndex());
    gauge(text, "etcd_server_quota_backend_bytes", "Where puts end.", quota.mostBytes());
    gauge(text, "etcd_mvcc_db_total_size_in_bytes", "On disk.", state.engine().sizeBytes());
    gauge(
        text,
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "Without what is deleted.",
        state.engine().sizeInUseBytes());
    gauge(
        text, "etcd_debugging_mvcc_current_revision", "Newest revision.", state.store().revision());
    gauge(
        text,
        "etcd_debugging_mvcc_compact_revision",
        "Oldest that can be read.",
        state.store().firstRevision());
    gauge(text, "etcd_debugging_mvcc_watch_stream_total", "Streams.", watched.streams());
    gauge(text, "etcd_debugging_mvcc_watcher_total", "Watchers.", watched.watchers());
    gauge(
        text,
        "etcd_debugging_mvcc_slow_watcher_total",
        "Watchers whose clients do not read.",
        watched.slow());
    return new Page(OK, text.toString());
  }

  private static void gauge(StringBuilder text, String name, String help, long value) {
    metric(text, name, "gauge", help, value);
  }

  private static void counter(StringBuilder text, String name, String help, long value) {
    metric(text, name, "counter", help, value);
  }

  private static void metric(
      StringBuilder text, String name, String type, String help, long value) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    text.append(name).append(' ').append(value).append('\n');
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
