package io.cadastre.benchmarks.instances;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes servers on this machine look far away: every byte arrives half a round trip later, and a
 * connection is made one round trip later. Listens on every loopback address, so that one port
 * stands for any number of hosts. A process of its own.
 */
public final class LatencyProxy {

  static final String READY = "ports";

  /** Some bytes and when they arrive at the other end; no bytes: the end of the stream. */
  private record Parcel(ByteBuffer bytes, long dueNanos) {}

  private final long oneWayNanos;

  /** Held, because a socket that nobody holds is closed. */
  private final Queue<Socket> silent = new ConcurrentLinkedQueue<>();

  private LatencyProxy(long roundTripMillis) {
    this.oneWayNanos = roundTripMillis * 1_000_000 / 2;
  }

  /** {@code roundTripMillis targetPort…}; target 0 accepts and never answers. Prints the ports. */
  public static void main(String[] args) throws IOException {
    LatencyProxy proxy = new LatencyProxy(Long.parseLong(args[0]));
    StringBuilder ports = new StringBuilder(READY);
    for (int i = 1; i < args.length; i++) {
      ports.append(' ').append(proxy.listen(Integer.parseInt(args[i])));
    }
    System.out.println(ports);
  }

  private int listen(int target) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.bind(new InetSocketAddress("0.0.0.0", 0), 4_096);
    Thread.ofPlatform().start(() -> accept(listener, target));
    return listener.getLocalPort();
  }

  private void accept(ServerSocket listener, int target) {
    while (true) {
      try {
        Socket client = listener.accept();
        if (target == 0) {
          silent.add(client);
        } else {
          Thread.ofVirtual().start(() -> serve(client, target));
        }
      } catch (IOException e) {
        throw new IllegalStateException("cannot accept", e);
      }
    }
  }

  private void serve(Socket client, int target) {
    try {
      // A handshake and the way of its last packet.
      sleepUntil(System.nanoTime() + 3 * oneWayNanos);
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      carry(client, server);
      carry(server, client);
    } catch (IOException e) {
      close(client);
    }
  }

  private void carry(Socket from, Socket to) {
    BlockingQueue<Parcel> way = new LinkedBlockingQueue<>();
    Thread.ofVirtual().start(() -> pickUp(from, way));
    Thread.ofVirtual().start(() -> deliver(way, to));
  }

  private void pickUp(Socket from, BlockingQueue<Parcel> way) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        way.add(
            new Parcel(
                ByteBuffer.wrap(Arrays.copyOf(buffer, read)), System.nanoTime() + oneWayNanos));
      }
    } catch (IOException e) {
      // The other end learns of it by the empty parcel.
    }
    way.add(new Parcel(ByteBuffer.allocate(0), System.nanoTime() + oneWayNanos));
  }

  private static void deliver(BlockingQueue<Parcel> way, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      for (Parcel next = way.take(); next.bytes().hasRemaining(); next = way.take()) {
        sleepUntil(next.dueNanos());
        out.write(next.bytes().array());
      }
    } catch (IOException | InterruptedException e) {
      // Whoever was to receive it is gone.
    }
    close(to);
  }

  private static void sleepUntil(long nanos) {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      LockSupport.parkNanos(left);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
