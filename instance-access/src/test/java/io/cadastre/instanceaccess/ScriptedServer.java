package io.cadastre.instanceaccess;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens on a free port of 127.0.0.1 and does with each connection what the test says. */
final class ScriptedServer implements AutoCloseable {

  /** What happens to one connection; it is closed afterwards. */
  @FunctionalInterface
  interface Script {

    void play(Socket connection) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger connections = new AtomicInteger();

  ScriptedServer(Script script) throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    var _ = threads.submit(() -> accept(script));
  }

  /** Accepts and never says a word. */
  static ScriptedServer silent() throws IOException {
    return new ScriptedServer(connection -> connection.getInputStream().readAllBytes());
  }

  private Void accept(Script script) throws IOException {
    while (true) {
      Socket connection = listener.accept();
      connections.incrementAndGet();
      var _ =
          threads.submit(() -> {
            try (connection) {
              script.play(connection);
            }
            return null;
          });
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
