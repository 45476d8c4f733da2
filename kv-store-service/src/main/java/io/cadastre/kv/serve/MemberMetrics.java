package io.cadastre.kv.serve;

import static io.cadastre.kv.metrics.MetricsText.label;

import io.cadastre.kv.cluster.ClusterIds;
import io.cadastre.kv.metrics.GrpcCounts;
import io.cadastre.kv.metrics.Histogram;
import io.cadastre.kv.metrics.MetricsText;
import io.cadastre.kv.metrics.ProcessMetrics;
import io.cadastre.kv.peer.PeerChannels;
import io.cadastre.kv.peer.PeerTraffic;
import io.cadastre.kv.raft.RaftCounts;
import io.cadastre.kv.raft.RaftMember;
import io.cadastre.kv.raft.Standing;
import io.cadastre.kv.state.StateMachine;
import io.cadastre.kv.watch.WatchCounts;
import io.cadastre.kv.watch.WatchHub;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What etcd's dashboards and alerts read. */
final class MemberMetrics implements Supplier<String> {

  private final Answers answers;
  private final Quota quota;
  private final WatchHub hub;
  private final RaftMember member;
  private final MemberCounts counts;
  private final HealthChecks checks;
  private final GrpcCounts calls;
  private final PeerChannels peers;

  MemberMetrics(
      Answers answers,
      Quota quota,
      WatchHub hub,
      RaftMember member,
      MemberCounts counts,
      HealthChecks checks,
      GrpcCounts calls,
      PeerChannels peers) {
    this.answers = answers;
    this.quota = quota;
    this.hub = hub;
    this.member = member;
    this.counts = counts;
    this.checks = checks;
    this.calls = calls;
    this.peers = peers;
  }

  @Override
  public String get() {
    MetricsText text = new MetricsText();
    raft(text);
    store(text);
    watch(text);
    peers(text);
    calls.write(text);
    ProcessMetrics.write(text);
    return text.toString();
  }

  private void raft(MetricsText text) {
    StateMachine state = answers.state();
    Standing standing = member.standing();
    boolean learns = state.members().isLearner(answers.self().memberId());
    text.gauge(
        "etcd_server_has_leader", "Whether there is a leader.", standing.hasLeader() ? 1 : 0);
    text.gauge("etcd_server_is_leader", "Whether this member leads.", standing.leading() ? 1 : 0);
    text.gauge("etcd_server_is_learner", "Whether this member only learns.", learns ? 1 : 0);
    text.gauge("etcd_server_proposals_committed_total", "In the log.", member.committedIndex());
    text.gauge("etcd_server_proposals_applied_total", "Applied.", state.appliedIndex());
    RaftCounts raft = member.counts();
    text.gauge("etcd_server_proposals_pending", "Without an answer.", raft.pending());
    text.counter("etcd_server_proposals_failed_total", "Not agreed on.", raft.failed());
    text.counter("etcd_server_leader_changes_seen_total", "New leaders.", raft.leaderChanges());
    text.counter(
        "etcd_server_slow_apply_total",
        "Changes that took long.",
        counts.slowApplies().getAsLong());
    counts.reads().write(text);
    text.histogram(
        "etcd_disk_wal_fsync_duration_seconds", "To write to the log and sync.", raft.appends());
    text.histogram(
        "etcd_disk_backend_commit_duration_seconds",
        "To write what was applied.",
        counts.commits());
    text.counter("etcd_server_health_success", "Health found well.", checks.succeeded());
    text.counter("etcd_server_health_failures", "Health found not well.", checks.failed());
    text.head("etcd_server_version", "gauge", "The release of etcd that this is like.");
    text.sample("etcd_server_version", label("server_version", MaintenanceService.VERSION), 1);
    text.head("etcd_cluster_version", "gauge", "The same, of all members.");
    text.sample("etcd_cluster_version", label("cluster_version", "3.6"), 1);
    text.head("etcd_server_id", "gauge", "Of this member.");
    text.sample(
        "etcd_server_id", label("server_id", ClusterIds.text(answers.self().memberId())), 1);
  }

  private void store(MetricsText text) {
    StateMachine state = answers.state();
    text.gauge("etcd_server_quota_backend_bytes", "Where puts end.", quota.mostBytes());
    long size = state.engine().sizeBytes();
    text.gauge("etcd_mvcc_db_total_size_in_bytes", "On disk.", size);
    text.gauge("etcd_debugging_mvcc_db_total_size_in_bytes", "Its name of old.", size);
    text.gauge(
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "Without what is deleted.",
        state.engine().sizeInUseBytes());
    text.gauge(
        "etcd_debugging_mvcc_current_revision", "Newest revision.", state.store().revision());
    text.gauge(
        "etcd_debugging_mvcc_compact_revision",
        "Oldest that can be read.",
        state.store().firstRevision());
    text.gauge(
        "etcd_debugging_auth_revision", "Of users and roles.", state.auth().state().revision());
    counts.keys().write(text);
  }

  private void peers(MetricsText text) {
    Map<String, PeerTraffic> traffic = new TreeMap<>();
    // What JRaft takes for a member's address is its id.
    peers.traffic().forEach((endpoint, each) -> traffic.put(endpoint.getIp(), each));
    String self = label("Local", ClusterIds.text(answers.self().memberId()));
    text.head("etcd_network_active_peers", "gauge", "Members that are connected.");
    traffic.forEach((id, each) ->
        text.sample(
            "etcd_network_active_peers",
            self + "," + label("Remote", id),
            each.isConnected() ? 1 : 0));
    each(text, traffic, "sent_bytes_total", "To", "Bytes sent.", PeerTraffic::sentBytes);
    each(text, traffic, "received_bytes_total", "From", "Received.", PeerTraffic::receivedBytes);
    each(text, traffic, "sent_failures_total", "To", "Not answered.", PeerTraffic::failures);
    Map<String, Histogram> times = new TreeMap<>();
    traffic.forEach((id, each) -> times.put(label("To", id), each.roundTrips()));
    text.histograms(
        "etcd_network_peer_round_trip_time_seconds", "From a message to its answer.", times);
  }

  private static void each(
      MetricsText text,
      Map<String, PeerTraffic> traffic,
      String name,
      String label,
      String help,
      ToLongFunction<PeerTraffic> value) {
    text.head("etcd_network_peer_" + name, "counter", help);
    traffic.forEach((id, each) ->
        text.sample("etcd_network_peer_" + name, label(label, id), value.applyAsLong(each)));
  }

  private void watch(MetricsText text) {
    WatchCounts watched = hub.counts();
    text.gauge("etcd_debugging_mvcc_watch_stream_total", "Streams.", watched.streams());
    text.gauge("etcd_debugging_mvcc_watcher_total", "Watchers.", watched.watchers());
    text.gauge(
        "etcd_debugging_mvcc_slow_watcher_total",
        "Watchers whose clients do not read.",
        watched.slow());
  }
}
