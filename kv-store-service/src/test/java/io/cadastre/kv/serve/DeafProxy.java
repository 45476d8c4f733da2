package io.cadastre.kv.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** Stands between one client and a member; told so, it takes nothing of the member any more. */
final class DeafProxy implements AutoCloseable {

  /** Little, so that what the operating system keeps for it does not count. */
  private static final int BUFFER_BYTES = 16 << 10;

  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Socket member = new Socket();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean deaf;

  DeafProxy(int memberPort) throws IOException {
    member.setReceiveBufferSize(BUFFER_BYTES);
    member.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), memberPort));
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  void takeNothing() {
    deaf = true;
  }

  private void serve() {
    try (Socket client = listener.accept()) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              carry(client.getInputStream(), member.getOutputStream());
            } catch (IOException _) {
              // One of them is gone.
            }
          });
      InputStream answers = member.getInputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      while (!deaf) {
        int read = answers.read(buffer);
        if (read < 0) {
          return;
        }
        client.getOutputStream().write(buffer, 0, read);
      }
      closed.await();
    } catch (IOException _) {
      // One of them is gone.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void carry(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      to.write(buffer, 0, read);
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
    member.close();
  }
}
