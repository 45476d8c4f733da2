package io.cadastre.kv.history;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The members of a cluster, each in a process of its own. */
final class Members implements AutoCloseable {

  private static final long START_SECONDS = 120;

  private final List<MemberProcess> members;

  private Members(List<MemberProcess> members) {
    this.members = List.copyOf(members);
  }

  /** Starts a cluster; it serves when this returns. */
  static Members start(Path directory) throws Exception {
    List<MemberProcess> members = new ArrayList<>();
    CompletableFuture<Void> ready = new CompletableFuture<>();
    String data = "--data-dir=" + directory.resolve("m0");
    members.add(MemberProcess.start(freePort(), List.of(data), ready));
    ready.get(START_SECONDS, TimeUnit.SECONDS);
    return new Members(members);
  }

  /** A port that was free just now; a member that is started again needs its old one. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  List<MemberProcess> all() {
    return members;
  }

  List<Integer> ports() {
    return members.stream().map(MemberProcess::port).toList();
  }

  @Override
  public void close() {
    members.forEach(MemberProcess::close);
  }
}
