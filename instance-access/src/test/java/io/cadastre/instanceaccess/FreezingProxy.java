package io.cadastre.instanceaccess;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** Stands before a server; once frozen, nothing passes and nothing is closed. */
final class FreezingProxy implements AutoCloseable {

  private final ScriptedServer front;
  private volatile boolean frozen;
  private final CountDownLatch closed = new CountDownLatch(1);

  FreezingProxy(int port) throws IOException {
    front =
        new ScriptedServer(connection -> {
          try (Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            Thread answers = Thread.startVirtualThread(() -> pump(server, connection));
            pump(connection, server);
            answers.join();
          }
        });
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (frozen) {
          closed.await();
          return;
        }
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One end hung up.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int port() {
    return front.port();
  }

  void freeze() {
    frozen = true;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    front.close();
  }
}
