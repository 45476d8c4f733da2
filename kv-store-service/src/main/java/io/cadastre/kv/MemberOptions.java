package io.cadastre.kv;

import io.cadastre.kv.cluster.Bootstrap;
import io.cadastre.kv.compaction.Retention;
import io.cadastre.kv.serve.ClientSettings;
import io.cadastre.kv.serve.KvSettings;
import io.cadastre.kv.serve.PeerSettings;
import io.cadastre.kv.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Map;

/** What a member is started with, from options that are called like etcd's. */
final class MemberOptions {

  private MemberOptions() {}

  static KvSettings read(Map<String, String> options) {
    String name = options.getOrDefault("name", "default");
    ClientSettings clients = clients(options);
    return new KvSettings(
        name,
        Path.of(options.getOrDefault("data-dir", name + ".kv")),
        OptionValues.address(
            "listen-client-urls",
            options.getOrDefault("listen-client-urls", "http://localhost:2379"),
            clients.scheme()),
        OptionValues.list(options, "advertise-client-urls"),
        OptionValues.choice(options, "engine", "rocksdb", "memory").equals("memory"),
        quota(options),
        Retention.parse(
            options.getOrDefault("auto-compaction-mode", "periodic"),
            options.getOrDefault("auto-compaction-retention", "0")),
        clients,
        peers(options));
  }

  private static long quota(Map<String, String> options) {
    String bytes = options.getOrDefault("quota-backend-bytes", "0");
    try {
      long quota = Long.parseLong(bytes);
      return quota == 0 ? KvSettings.DEFAULT_QUOTA_BYTES : quota < 0 ? Long.MAX_VALUE : quota;
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("quota-backend-bytes: " + bytes + " (allowed: a number)");
    }
  }

  private static ClientSettings clients(Map<String, String> options) {
    return new ClientSettings(
        TlsOptions.read(options, "", "client-cert-auth"),
        TlsOptions.isOn(options, "client-cert-auth"),
        TlsOptions.isOn(options, "enable-grpc-reflection"),
        OptionValues.choice(options, "metrics", "basic", "extensive").equals("extensive"));
  }

  private static PeerSettings peers(Map<String, String> options) {
    TlsFiles tls = TlsOptions.read(options, "peer-", "peer-client-cert-auth");
    String scheme = tls == null ? "http" : "https";
    String listen = options.getOrDefault("listen-peer-urls", "");
    return new PeerSettings(
        listen.isEmpty()
            ? PeerSettings.alone().listen()
            : OptionValues.address("listen-peer-urls", listen, scheme),
        OptionValues.list(options, "initial-advertise-peer-urls"),
        Bootstrap.parse(
            options.getOrDefault("initial-cluster", ""),
            options.getOrDefault("initial-cluster-state", "new"),
            options.getOrDefault("initial-cluster-token", Bootstrap.DEFAULT_TOKEN)),
        tls,
        OptionValues.millis(options, "election-timeout", PeerSettings.ELECTION_TIMEOUT),
        OptionValues.millis(options, "heartbeat-interval", PeerSettings.HEARTBEAT_INTERVAL),
        OptionValues.number(options, "snapshot-count", PeerSettings.SNAPSHOT_ENTRIES),
        OptionValues.duration(options, "corrupt-check-time", PeerSettings.CORRUPT_CHECK_INTERVAL));
  }
}
