package io.cadastre.kv.history;

import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.StatusRequest;
import io.cadastre.contracts.kv.StatusResponse;
import io.cadastre.localservers.FreePort;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The members of a cluster, each in a process of its own, each behind a proxy for its peers. */
final class Members implements AutoCloseable {

  private static final long START_SECONDS = 120;
  private static final long ASKED_SECONDS = 2;

  private final List<MemberProcess> members = new ArrayList<>();
  private final List<PeerProxy> proxies = new ArrayList<>();

  private Members() {}

  /** Starts a cluster; it serves when this returns. */
  static Members start(Path directory, int count) throws Exception {
    Members started = new Members();
    try {
      started.launch(directory, count);
    } catch (Exception e) {
      started.close();
      throw e;
    }
    return started;
  }

  private void launch(Path directory, int count) throws Exception {
    List<Integer> peerPorts = new ArrayList<>();
    for (int i = 0; i < count && count > 1; i++) {
      peerPorts.add(FreePort.choose("member", 0));
      proxies.add(new PeerProxy(peerPorts.get(i), this::whose));
    }
    String cluster =
        IntStream.range(0, proxies.size())
            .mapToObj(i -> "m" + i + "=http://127.0.0.1:" + proxies.get(i).port())
            .collect(Collectors.joining(","));
    List<CompletableFuture<Void>> ready = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> options = new ArrayList<>();
      options.add("--name=m" + i);
      options.add("--data-dir=" + directory.resolve("m" + i));
      if (count > 1) {
        options.add("--listen-peer-urls=http://127.0.0.1:" + peerPorts.get(i));
        options.add("--initial-advertise-peer-urls=http://127.0.0.1:" + proxies.get(i).port());
        options.add("--initial-cluster=" + cluster);
        options.add("--initial-cluster-state=new");
      }
      ready.add(new CompletableFuture<>());
      members.add(MemberProcess.start(FreePort.choose("member", 0), options, ready.getLast()));
    }
    for (CompletableFuture<Void> each : ready) {
      each.get(START_SECONDS, TimeUnit.SECONDS);
    }
  }

  private int whose(Socket connection) {
    List<Long> pids = members.stream().map(MemberProcess::pid).toList();
    return Sockets.owner(connection, pids).map(pids::indexOf).orElse(-1);
  }

  List<MemberProcess> all() {
    return List.copyOf(members);
  }

  List<Integer> ports() {
    return members.stream().map(MemberProcess::port).toList();
  }

  /** Who leads, if anybody who answers does. */
  OptionalInt leader() {
    return IntStream.range(0, members.size()).filter(this::leads).findFirst();
  }

  private boolean leads(int member) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", members.get(member).port())
            .usePlaintext()
            .build();
    try {
      StatusResponse status =
          MaintenanceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ASKED_SECONDS, TimeUnit.SECONDS)
              .status(StatusRequest.getDefaultInstance());
      return status.getLeader() == status.getHeader().getMemberId();
    } catch (StatusRuntimeException _) {
      return false;
    } finally {
      ManagedChannel _ = channel.shutdownNow();
    }
  }

  /** From here on nothing gets from one member to another; the way back is open. */
  void cut(int from, int to) {
    // A member may have connected to the other, or the other to it.
    proxies.get(to).dropFrom(from);
    proxies.get(from).dropTo(to);
  }

  void heal() {
    proxies.forEach(PeerProxy::heal);
  }

  @Override
  public void close() throws IOException {
    members.forEach(MemberProcess::close);
    for (PeerProxy proxy : proxies) {
      proxy.close();
    }
  }
}
