package io.cadastre.kv;

import io.cadastre.kv.cluster.Bootstrap;
import io.cadastre.kv.compaction.Retention;
import io.cadastre.kv.log.LogDamagedException;
import io.cadastre.kv.serve.ClientSettings;
import io.cadastre.kv.serve.KvServer;
import io.cadastre.kv.serve.KvSettings;
import io.cadastre.kv.serve.PeerSettings;
import io.cadastre.kv.serve.Restoration;
import io.cadastre.kv.snapshot.SnapshotException;
import io.cadastre.kv.tls.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts a member from a command line like etcd's. */
public final class KvStoreApplication {

  static {
    // Before anybody logs; whoever starts it may say otherwise.
    String key = "logback.configurationFile";
    System.setProperty(key, System.getProperty(key, "kv-logback.xml"));
    // JRaft's messages were generated long ago; they come from other members only.
    System.setProperty("com.google.protobuf.use_unsafe_pre22_gencode", "true");
  }

  private static final Logger LOG = System.getLogger(KvStoreApplication.class.getName());
  private static final Set<String> OPTIONS =
      Set.of(
          "name",
          "data-dir",
          "listen-client-urls",
          "listen-metrics-urls",
          "advertise-client-urls",
          "listen-peer-urls",
          "initial-advertise-peer-urls",
          "initial-cluster",
          "initial-cluster-state",
          "initial-cluster-token",
          "election-timeout",
          "heartbeat-interval",
          "snapshot-count",
          "corrupt-check-time",
          "quota-backend-bytes",
          "auto-compaction-mode",
          "auto-compaction-retention",
          "engine",
          "restore-from",
          "cert-file",
          "key-file",
          "trusted-ca-file",
          "client-cert-auth",
          "peer-cert-file",
          "peer-key-file",
          "peer-trusted-ca-file",
          "peer-client-cert-auth",
          "metrics",
          "enable-grpc-reflection");

  /** As with Go's, they have no value but behind an equals sign. */
  private static final Set<String> SWITCHES =
      Set.of("client-cert-auth", "peer-client-cert-auth", "enable-grpc-reflection");

  private KvStoreApplication() {}

  /** Serves until the process is told to end. */
  public static void main(String[] arguments) throws InterruptedException {
    KvServer server;
    try {
      Map<String, String> options = options(arguments);
      KvSettings settings = settings(options);
      String snapshot = options.get("restore-from");
      if (snapshot != null) {
        Restoration.restore(Path.of(snapshot), settings.dataDirectory());
      }
      server = KvServer.start(settings);
      String pages = options.get("listen-metrics-urls");
      if (pages != null) {
        int _ = server.serveStatus(address("listen-metrics-urls", pages, "http"));
      }
    } catch (IllegalArgumentException
        | IOException
        | UncheckedIOException
        | LogDamagedException
        | SnapshotException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    AtomicBoolean asked = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  asked.set(true);
                  close(server);
                }));
    awaitReady(server);
    LOG.log(Level.INFO, "ready to serve client requests on port {0,number,#}", server.port());
    server.await();
    if (!asked.get()) {
      // It cannot go on, or may not: whoever looks after it shall notice.
      System.exit(1);
    }
  }

  /** A member of a new cluster waits for the others, however long they take. */
  private static void awaitReady(KvServer server) {
    boolean ready = false;
    while (!ready && !server.isEnded()) {
      try {
        Void _ = server.ready().join();
        ready = true;
      } catch (CompletionException e) {
        LOG.log(Level.INFO, "waits for the others: {0}", String.valueOf(e.getCause()));
      }
    }
  }

  private static void close(KvServer server) {
    try {
      server.close();
    } catch (IOException e) {
      LOG.log(Level.ERROR, "did not end in order", e);
    }
  }

  private static Map<String, String> options(String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String option = arguments[i].replaceFirst("^--?", "");
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      if (!OPTIONS.contains(name)) {
        throw new IllegalArgumentException(
            "option: " + arguments[i] + " (allowed: --" + String.join(", --", sorted()) + ")");
      }
      if (SWITCHES.contains(name)) {
        options.put(name, equals < 0 ? "true" : option.substring(equals + 1));
        continue;
      }
      if (equals < 0 && i + 1 == arguments.length) {
        throw new IllegalArgumentException("option: " + arguments[i] + " (allowed: with a value)");
      }
      options.put(name, equals < 0 ? arguments[++i] : option.substring(equals + 1));
    }
    return options;
  }

  private static List<String> sorted() {
    return OPTIONS.stream().sorted().toList();
  }

  private static KvSettings settings(Map<String, String> options) {
    String name = options.getOrDefault("name", "default");
    String advertised = options.getOrDefault("advertise-client-urls", "");
    String engine = options.getOrDefault("engine", "rocksdb");
    if (!Set.of("rocksdb", "memory").contains(engine)) {
      throw new IllegalArgumentException("engine: " + engine + " (allowed: rocksdb, memory)");
    }
    ClientSettings clients = clients(options);
    return new KvSettings(
        name,
        Path.of(options.getOrDefault("data-dir", name + ".kv")),
        address(
            "listen-client-urls",
            options.getOrDefault("listen-client-urls", "http://localhost:2379"),
            clients.scheme()),
        advertised.isEmpty() ? List.of() : List.of(advertised.split(",")),
        engine.equals("memory"),
        quota(options.getOrDefault("quota-backend-bytes", "0")),
        Retention.parse(
            options.getOrDefault("auto-compaction-mode", "periodic"),
            options.getOrDefault("auto-compaction-retention", "0")),
        clients,
        peers(options));
  }

  private static PeerSettings peers(Map<String, String> options) {
    String advertised = options.getOrDefault("initial-advertise-peer-urls", "");
    String listen = options.getOrDefault("listen-peer-urls", "");
    PeerSettings alone = PeerSettings.alone();
    TlsFiles tls = TlsOptions.read(options, "peer-", "peer-client-cert-auth");
    String scheme = tls == null ? "http" : "https";
    return new PeerSettings(
        listen.isEmpty() ? alone.listen() : address("listen-peer-urls", listen, scheme),
        advertised.isEmpty() ? List.of() : List.of(advertised.split(",")),
        Bootstrap.parse(
            options.getOrDefault("initial-cluster", ""),
            options.getOrDefault("initial-cluster-state", "new"),
            options.getOrDefault("initial-cluster-token", Bootstrap.DEFAULT_TOKEN)),
        tls,
        millis(options, "election-timeout", PeerSettings.ELECTION_TIMEOUT),
        millis(options, "heartbeat-interval", PeerSettings.HEARTBEAT_INTERVAL),
        number(options, "snapshot-count", PeerSettings.SNAPSHOT_ENTRIES),
        corruptCheck(options));
  }

  private static Duration corruptCheck(Map<String, String> options) {
    String given = options.get("corrupt-check-time");
    if (given == null) {
      return PeerSettings.CORRUPT_CHECK_INTERVAL;
    }
    try {
      return given.equals("0")
          ? Duration.ZERO
          : Duration.parse("PT" + given.toUpperCase(Locale.ROOT));
    } catch (DateTimeParseException _) {
      throw new IllegalArgumentException(
          "corrupt-check-time: " + given + " (allowed: 30s, 5m, 1h30m; 0 = never)");
    }
  }

  private static Duration millis(Map<String, String> options, String name, Duration otherwise) {
    return Duration.ofMillis(number(options, name, otherwise.toMillis()));
  }

  private static long number(Map<String, String> options, String name, long otherwise) {
    String given = options.getOrDefault(name, Long.toString(otherwise));
    try {
      long number = Long.parseLong(given);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw new IllegalArgumentException(name + ": " + given + " (allowed: a number from 1 on)");
  }

  private static ClientSettings clients(Map<String, String> options) {
    String metrics = options.getOrDefault("metrics", "basic");
    if (!Set.of("basic", "extensive").contains(metrics)) {
      throw new IllegalArgumentException("metrics: " + metrics + " (allowed: basic, extensive)");
    }
    return new ClientSettings(
        TlsOptions.read(options, "", "client-cert-auth"),
        TlsOptions.isOn(options, "client-cert-auth"),
        TlsOptions.isOn(options, "enable-grpc-reflection"),
        metrics.equals("extensive"));
  }

  private static InetSocketAddress address(String option, String url, String scheme) {
    URI listen = URI.create(url);
    if (listen.getHost() == null || listen.getPort() < 0 || !scheme.equals(listen.getScheme())) {
      throw new IllegalArgumentException(
          "%s: %s (allowed: one %s://host:port; https with a certificate, http without)"
              .formatted(option, url, scheme));
    }
    return new InetSocketAddress(listen.getHost(), listen.getPort());
  }

  private static long quota(String bytes) {
    try {
      long quota = Long.parseLong(bytes);
      return quota == 0 ? KvSettings.DEFAULT_QUOTA_BYTES : quota < 0 ? Long.MAX_VALUE : quota;
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("quota-backend-bytes: " + bytes + " (allowed: a number)");
    }
  }
}
