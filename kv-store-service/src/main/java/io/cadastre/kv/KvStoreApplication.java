package io.cadastre.kv;

import io.cadastre.kv.log.LogDamagedException;
import io.cadastre.kv.serve.KvServer;
import io.cadastre.kv.serve.KvSettings;
import io.cadastre.kv.serve.Restoration;
import io.cadastre.kv.snapshot.SnapshotException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
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

  private KvStoreApplication() {}

  /** Serves until the process is told to end. */
  public static void main(String[] arguments) throws InterruptedException {
    KvServer server;
    try {
      Map<String, String> options = CommandLine.parse(arguments);
      KvSettings settings = MemberOptions.read(options);
      String snapshot = options.get("restore-from");
      if (snapshot != null) {
        Restoration.restore(Path.of(snapshot), settings.dataDirectory());
      }
      server = KvServer.start(settings);
      String pages = options.get("listen-metrics-urls");
      if (pages != null) {
        int _ = server.serveStatus(OptionValues.address("listen-metrics-urls", pages, "http"));
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
}
