package io.cadastre.kv;

import io.cadastre.kv.log.LogDamagedException;
import io.cadastre.kv.options.MemberOptions;
import io.cadastre.kv.serve.KvServer;
import io.cadastre.kv.serve.KvSettings;
import io.cadastre.kv.serve.Restoration;
import io.cadastre.kv.snapshot.SnapshotException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Starts a member from a command line like etcd's. */
public final class KvStoreApplication {

  static {
    // JRaft's messages were generated long ago; they come from other members only.
    System.setProperty("com.google.protobuf.use_unsafe_pre22_gencode", "true");
  }

  private KvStoreApplication() {}

  /** Serves until the process is told to end. */
  public static void main(String[] arguments) throws InterruptedException {
    MemberOptions options;
    KvSettings settings;
    try {
      options = MemberOptions.read(List.of(arguments), System.getenv());
      logAsTold(options);
      settings = options.settings();
    } catch (IllegalArgumentException e) {
      setUnlessSet("logback.configurationFile", "kv-logback.xml");
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (options.asksForHelp()) {
      System.out.println(MemberOptions.help());
    } else if (options.asksForVersion()) {
      System.out.println(version());
    } else {
      serve(options, settings, System.getLogger(KvStoreApplication.class.getName()));
    }
  }

  /** Before anybody logs, as the JDK does of certificates; whoever starts it may say otherwise. */
  private static void logAsTold(MemberOptions options) {
    setUnlessSet(
        "logback.configurationFile", options.logsJson() ? "kv-logback-json.xml" : "kv-logback.xml");
    setUnlessSet("cadastre.kv.log-level", options.logLevel());
    setUnlessSet("cadastre.kv.log-target", options.logsToError() ? "System.err" : "System.out");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  private static void setUnlessSet(String property, String value) {
    String _ = System.setProperty(property, System.getProperty(property, value));
  }

  private static String version() {
    String own = KvStoreApplication.class.getPackage().getImplementationVersion();
    return "cadastre kv-store-service: %s%netcd API: %s%nJava: %s"
        .formatted(own == null ? "not packaged" : own, KvServer.API_VERSION, Runtime.version());
  }

  private static void serve(MemberOptions options, KvSettings settings, Logger log)
      throws InterruptedException {
    options.warnings().forEach(warning -> log.log(Level.WARNING, "{0}", warning));
    KvServer server;
    try {
      Optional<Path> snapshot = options.snapshot();
      if (snapshot.isPresent()) {
        Restoration.restore(snapshot.get(), settings.dataDirectory());
      }
      server = KvServer.start(settings);
      for (InetSocketAddress pages : options.pages()) {
        int _ = server.serveStatus(pages);
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
                  close(server, log);
                }));
    if (becomesReady(server, log)) {
      log.log(Level.INFO, "ready to serve client requests on port {0,number,#}", server.port());
    }
    server.await();
    if (!asked.get()) {
      // It cannot go on, or may not: whoever looks after it shall notice.
      System.exit(1);
    }
  }

  /** A member of a new cluster waits for the others, however long they take, unless it ends. */
  private static boolean becomesReady(KvServer server, Logger log) {
    while (!server.isEnded()) {
      try {
        Void _ = server.ready().join();
        return true;
      } catch (CompletionException e) {
        log.log(Level.INFO, "waits for the others: {0}", String.valueOf(e.getCause()));
      }
    }
    return false;
  }

  private static void close(KvServer server, Logger log) {
    try {
      server.close();
    } catch (IOException e) {
      log.log(Level.ERROR, "did not end in order", e);
    }
  }
}
