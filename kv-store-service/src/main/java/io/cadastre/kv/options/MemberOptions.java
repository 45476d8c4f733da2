package io.cadastre.kv.options;

import io.cadastre.kv.cluster.Bootstrap;
import io.cadastre.kv.compaction.Retention;
import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.serve.ClientLimits;
import io.cadastre.kv.serve.ClientSettings;
import io.cadastre.kv.serve.KvSettings;
import io.cadastre.kv.serve.PeerSettings;
import io.cadastre.kv.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the options make of a member. */
public final class MemberOptions {

  /** Raft's messages take 8 MiB. */
  private static final int MOST_REQUEST_BYTES = 6 << 20;

  private static final long MOST_STREAMS = 0xffff_ffffL;
  private static final Duration LEAST_PROGRESS = Duration.ofMillis(100);
  private static final Duration NANO = Duration.ofNanos(1);

  private final Options options;

  private MemberOptions(Options options) {
    this.options = options;
  }

  /**
   * Reads them.
   *
   * @param environment where those count that are not among the arguments
   * @throws IllegalArgumentException where one is not known, or cannot be had
   */
  public static MemberOptions read(List<String> arguments, Map<String, String> environment) {
    return new MemberOptions(Options.read(arguments, environment));
  }

  /** All there are. */
  public static String help() {
    return Flags.KNOWN.help();
  }

  /** Whether that is all that is asked for. */
  public boolean asksForHelp() {
    return options.isOn("help");
  }

  /** Whether that is all that is asked for. */
  public boolean asksForVersion() {
    return options.isOn("version");
  }

  /** What was given and does nothing. */
  public List<String> warnings() {
    return options.warnings();
  }

  /** How much is logged: trace to error. */
  public String logLevel() {
    return switch (options.oneOf(
        "log-level", "debug", "info", "warn", "error", "dpanic", "panic", "fatal")) {
      case "dpanic", "panic", "fatal" -> "error";
      case String level -> level;
    };
  }

  /** Whether the log is one object a line. */
  public boolean logsJson() {
    return options.oneOf("log-format", "console", "json").equals("json");
  }

  /** Whether the log goes where errors go. */
  public boolean logsToError() {
    return options.oneOf("log-outputs", "default", "stdout", "stderr").equals("stderr");
  }

  /** A snapshot to start from. */
  public Optional<Path> snapshot() {
    return Optional.ofNullable(options.file("restore-from"));
  }

  /** Where pages are served alone. */
  public List<InetSocketAddress> pages() {
    return options.addresses("listen-metrics-urls", "http");
  }

  /** All the rest. */
  public KvSettings settings() {
    String name = options.text("name");
    String directory = options.text("data-dir");
    ClientSettings clients = clients();
    return new KvSettings(
        name,
        Path.of(directory.equals("<name>.kv") ? name + ".kv" : directory),
        required("listen-client-urls", clients.scheme()),
        options.texts("advertise-client-urls"),
        options.oneOf("engine", "rocksdb", "memory").equals("memory"),
        quota(),
        Retention.parse(
            options.text("auto-compaction-mode"), options.text("auto-compaction-retention")),
        clients,
        peers());
  }

  private List<InetSocketAddress> required(String option, String scheme) {
    List<InetSocketAddress> addresses = options.addresses(option, scheme);
    if (addresses.isEmpty()) {
      throw options.bad(option, "at least one URL");
    }
    return addresses;
  }

  private long quota() {
    long quota = options.number("quota-backend-bytes", Long.MIN_VALUE, Long.MAX_VALUE);
    return quota == 0 ? KvSettings.DEFAULT_QUOTA_BYTES : quota < 0 ? Long.MAX_VALUE : quota;
  }

  private ClientSettings clients() {
    String token = options.text("auth-token");
    if (!token.equals("simple")) {
      throw options.bad("auth-token", "simple");
    }
    return new ClientSettings(
        TlsOptions.ofClients(options),
        options.isOn("client-cert-auth"),
        options.isOn("enable-grpc-reflection"),
        options.oneOf("metrics", "basic", "extensive").equals("extensive"),
        connections(),
        options.isOn("enable-grpc-gateway"),
        limits());
  }

  private ConnectionLimits connections() {
    ConnectionLimits usual = ConnectionLimits.ofProcess();
    long streams = options.number("max-concurrent-streams", 1, MOST_STREAMS);
    return new ConnectionLimits(
        usual.most(),
        (int) Math.min(streams, Integer.MAX_VALUE),
        usual.unsentBytesOfOne(),
        usual.beginWithin(),
        options.duration("grpc-keepalive-interval", Duration.ZERO),
        options.duration("grpc-keepalive-timeout", NANO));
  }

  private ClientLimits limits() {
    return new ClientLimits(
        (int) options.number("max-request-bytes", 1, MOST_REQUEST_BYTES),
        (int) options.number("max-txn-ops", 1, Integer.MAX_VALUE),
        options.duration("grpc-keepalive-min-time", Duration.ZERO),
        options.duration("watch-progress-notify-interval", LEAST_PROGRESS),
        Duration.ofSeconds(options.number("auth-token-ttl", 1, Integer.MAX_VALUE)));
  }

  private PeerSettings peers() {
    @Nullable TlsFiles tls = TlsOptions.ofMembers(options);
    return new PeerSettings(
        required("listen-peer-urls", tls == null ? "http" : "https"),
        options.texts("initial-advertise-peer-urls"),
        Bootstrap.parse(
            options.text("initial-cluster"),
            options.text("initial-cluster-state"),
            options.text("initial-cluster-token")),
        tls,
        millis("election-timeout"),
        millis("heartbeat-interval"),
        options.number("snapshot-count", 1, Long.MAX_VALUE),
        options.duration("corrupt-check-time", Duration.ZERO),
        options.isOn("strict-reconfig-check"),
        PeerSettings.REACHED_BEFORE_CHANGE);
  }

  private Duration millis(String option) {
    return Duration.ofMillis(options.number(option, 1, Integer.MAX_VALUE));
  }
}
