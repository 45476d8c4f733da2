package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that know each other by certificates, and what etcd's alerts and dashboards read. */
final class DashboardTest {

  private static final String TYPE = "# TYPE ";

  /** What stands in the rules and panels of etcd's mixin, and the labels that they go by. */
  private static final List<String> READ =
      List.of(
          "etcd_network_peer_sent_failures_total{To=\"",
          "etcd_server_has_leader ",
          "etcd_server_leader_changes_seen_total ",
          "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"}"
              + " ",
          "grpc_server_started_total{grpc_method=\"Watch\",grpc_service=\"etcdserverpb.Watch\",grpc_type=\"bidi_stream\"}"
              + " ",
          "grpc_server_started_total{grpc_method=\"LeaseKeepAlive\",grpc_service=\"etcdserverpb.Lease\",grpc_type=\"bidi_stream\"}"
              + " ",
          "etcd_network_peer_round_trip_time_seconds_bucket{To=\"",
          "etcd_server_proposals_failed_total ",
          "etcd_server_proposals_pending ",
          "etcd_server_proposals_committed_total ",
          "etcd_server_proposals_applied_total ",
          "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} ",
          "etcd_disk_backend_commit_duration_seconds_bucket{le=\"0.001\"} ",
          "etcd_mvcc_db_total_size_in_bytes ",
          "etcd_mvcc_db_total_size_in_use_in_bytes ",
          "etcd_server_quota_backend_bytes ",
          "etcd_network_client_grpc_sent_bytes_total ",
          "etcd_network_client_grpc_received_bytes_total ",
          "etcd_network_peer_sent_bytes_total{To=\"",
          "etcd_network_peer_received_bytes_total{From=\"",
          "etcd_debugging_mvcc_watcher_total ",
          "etcd_server_is_leader ",
          "etcd_server_is_learner ",
          "etcd_server_health_success ",
          "etcd_server_version{server_version=\"3.6.0\"} 1",
          "etcd_cluster_version{cluster_version=\"3.6\"} 1",
          "os_fd_used ",
          "os_fd_limit ",
          "process_resident_memory_bytes ",
          "process_open_fds ",
          "process_max_fds ",
          "process_cpu_seconds_total ",
          "process_start_time_seconds ");

  /** The README says why. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "etcd_debugging_disk_backend_commit_rebalance_duration_seconds",
          "etcd_debugging_disk_backend_commit_spill_duration_seconds",
          "etcd_debugging_disk_backend_commit_write_duration_seconds",
          "etcd_debugging_lease_granted_total",
          "etcd_debugging_lease_renewed_total",
          "etcd_debugging_lease_revoked_total",
          "etcd_debugging_lease_ttl_total",
          "etcd_debugging_mvcc_db_compaction_keys_total",
          "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds",
          "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds",
          "etcd_debugging_mvcc_events_total",
          "etcd_debugging_mvcc_index_compaction_pause_duration_milliseconds",
          "etcd_debugging_mvcc_keys_total",
          "etcd_debugging_mvcc_pending_events_total",
          "etcd_debugging_server_lease_expired_total",
          "etcd_debugging_snap_save_marshalling_duration_seconds",
          "etcd_debugging_snap_save_total_duration_seconds",
          "etcd_disk_backend_defrag_duration_seconds",
          "etcd_disk_backend_snapshot_duration_seconds",
          "etcd_disk_defrag_inflight",
          "etcd_disk_wal_write_bytes_total",
          "etcd_mvcc_db_open_read_transactions",
          "etcd_mvcc_hash_duration_seconds",
          "etcd_mvcc_hash_rev_duration_seconds",
          "etcd_server_client_requests_total",
          "etcd_server_go_version",
          "etcd_server_heartbeat_send_failures_total",
          "etcd_server_learner_promote_successes",
          "etcd_server_snapshot_apply_in_progress_total",
          "etcd_snap_db_fsync_duration_seconds",
          "etcd_snap_db_save_total_duration_seconds",
          "etcd_snap_fsync_duration_seconds",
          // Counted with --metrics=extensive only, as with etcd.
          "grpc_server_handling_seconds",
          "process_virtual_memory_max_bytes");

  @TempDir private Path directory;

  @Test
  void membersTellWhatDashboardsRead() throws Exception {
    try (TestCluster cluster = TestCluster.startWithTls(directory, "a", "b", "c")) {
      String leader = cluster.leader();
      for (int i = 0; i < 20; i++) {
        cluster.put(leader, "key" + i, "value");
      }
      cluster.put(cluster.followers().getFirst(), "through", "another");
      cluster.assertSameHistory();
      await()
          .atMost(TestCluster.LONG)
          .untilAsserted(() ->
              assertThat(metrics(cluster, leader))
                  .satisfies(text -> READ.forEach(name -> assertThat(text).contains("\n" + name)))
                  .contains("\netcd_server_has_leader 1\n", "\netcd_server_is_leader 1\n")
                  .doesNotContain("\netcd_disk_wal_fsync_duration_seconds_count 0\n")
                  .doesNotContain("\netcd_disk_backend_commit_duration_seconds_count 0\n")
                  .doesNotContain("\netcd_server_leader_changes_seen_total 0\n")
                  .doesNotContain("\netcd_mvcc_put_total 0\n"));
      assertThat(kinds(metrics(cluster, leader).lines())).containsAllEntriesOf(kindsOfEtcd());
    }
  }

  private static Map<String, String> kindsOfEtcd() throws IOException {
    try (InputStream list = DashboardTest.class.getResourceAsStream("/etcd-metrics.txt")) {
      String text = new String(Objects.requireNonNull(list).readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> kinds = kinds(text.lines().map(line -> TYPE + line));
      assertThat(kinds.keySet()).containsAll(LEFT_OUT);
      boolean _ = kinds.keySet().removeAll(LEFT_OUT);
      return kinds;
    }
  }

  private static Map<String, String> kinds(Stream<String> lines) {
    Map<String, String> kinds = new TreeMap<>();
    lines
        .filter(line -> line.startsWith(TYPE) && !line.startsWith(TYPE + "#"))
        .map(line -> line.split(" ", -1))
        .forEach(words -> kinds.put(words[2], words[3]));
    return kinds;
  }

  private static String metrics(TestCluster cluster, String name) throws Exception {
    URI uri = URI.create(cluster.endpoint(name) + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }
}
