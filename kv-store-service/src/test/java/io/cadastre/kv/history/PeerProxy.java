package io.cadastre.kv.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * Stands before one member's port for its peers, and cuts them off. Bytes of those who are cut off
 * are swallowed, so that neither side is told: as when a network drops packets.
 */
final class PeerProxy implements AutoCloseable {

  private final int target;
  private final ServerSocket listener;
  private final ToIntFunction<Socket> whose;
  private final Set<Integer> unheard = ConcurrentHashMap.newKeySet();
  private final Set<Integer> unanswered = ConcurrentHashMap.newKeySet();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * Begins to listen.
   *
   * @param target the member's own port
   * @param whose which member a connection comes from
   */
  PeerProxy(int target, ToIntFunction<Socket> whose) throws IOException {
    this.target = target;
    this.whose = whose;
    listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** What this peer says does not arrive any more. */
  void dropFrom(int peer) {
    boolean _ = unheard.add(peer);
  }

  /** What this peer is answered does not arrive any more. */
  void dropTo(int peer) {
    boolean _ = unanswered.add(peer);
  }

  /** Lets all through again; what lost bytes begins anew. */
  void heal() {
    boolean _ = unheard.removeIf(_ -> true);
    boolean _ = unanswered.removeIf(_ -> true);
    for (Socket socket : open) {
      close(socket);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket peer = listener.accept();
        Thread.ofVirtual().start(() -> serve(peer));
      } catch (IOException _) {
        // It was closed.
      }
    }
  }

  private void serve(Socket peer) {
    try {
      Socket member = new Socket();
      open.add(peer);
      open.add(member);
      member.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      peer.setTcpNoDelay(true);
      member.setTcpNoDelay(true);
      int number = whose.applyAsInt(peer);
      Thread.ofVirtual().start(() -> carry(member, peer, unanswered, number));
      carry(peer, member, unheard, number);
    } catch (IOException _) {
      // The member is down: so is this connection.
      close(peer);
    }
  }

  private void carry(Socket from, Socket to, Set<Integer> cut, int peer) {
    byte[] buffer = new byte[64 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!cut.contains(peer)) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException _) {
      // One end is gone: the other is told below.
    }
    close(from);
    close(to);
  }

  private void close(Socket socket) {
    boolean _ = open.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // Gone is gone.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(this::close);
  }
}
