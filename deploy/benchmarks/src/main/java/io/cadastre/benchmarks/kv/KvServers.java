package io.cadastre.benchmarks.kv;

import com.google.protobuf.ByteString;
import io.cadastre.benchmarks.measuring.ChildJvm;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.StatusRequest;
import io.cadastre.contracts.kv.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One or more members of a cluster, each a process, on ports and in directories of their own. */
final class KvServers implements AutoCloseable {

  private static final long START_SECONDS = 120;
  private static final long BIG_QUOTA_BYTES = 16L << 30;

  private final Product product;
  private final Path directory;
  private final List<Integer> ports;
  private final List<Process> processes;

  private KvServers(Product product, Path directory, List<Integer> ports, List<Process> processes) {
    this.product = product;
    this.directory = directory;
    this.ports = ports;
    this.processes = processes;
  }

  /** Starts a cluster and waits until it answers a linearizable read. */
  static KvServers start(Product product, int members) throws Exception {
    Path logs = Files.createDirectories(ChildJvm.home().resolve("deploy/benchmarks/target/kv"));
    Path directory = Files.createTempDirectory(logs, product.name());
    List<Integer> ports = freePorts(2 * members);
    List<Integer> clientPorts = ports.subList(0, members);
    List<Integer> peerPorts = ports.subList(members, 2 * members);
    String cluster =
        Stream.iterate(0, i -> i + 1)
            .limit(members)
            .map(i -> "m" + i + "=" + url(peerPorts.get(i)))
            .collect(Collectors.joining(","));
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      List<String> command = new ArrayList<>(product.command());
      option(command, "name", "m" + i);
      option(command, "data-dir", directory.resolve("m" + i).toString());
      option(command, "listen-client-urls", url(clientPorts.get(i)));
      option(command, "advertise-client-urls", url(clientPorts.get(i)));
      option(command, "quota-backend-bytes", Long.toString(BIG_QUOTA_BYTES));
      if (members > 1) {
        option(command, "listen-peer-urls", url(peerPorts.get(i)));
        option(command, "initial-advertise-peer-urls", url(peerPorts.get(i)));
        option(command, "initial-cluster", cluster);
        option(command, "initial-cluster-state", "new");
      } else {
        option(command, "listen-peer-urls", url(peerPorts.get(i)));
        option(command, "initial-advertise-peer-urls", url(peerPorts.get(i)));
        option(command, "initial-cluster", cluster);
      }
      processes.add(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(logs.resolve(product.name() + "-m" + i + ".log").toFile())
              .start());
    }
    KvServers servers = new KvServers(product, directory, clientPorts, processes);
    Runtime.getRuntime().addShutdownHook(new Thread(servers::kill));
    servers.awaitAnswers();
    return servers;
  }

  private static void option(List<String> command, String name, String value) {
    command.add("--" + name);
    command.add(value);
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket each : held) {
        each.close();
      }
    }
  }

  private void awaitAnswers() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    for (int port : ports) {
      while (!answers(port)) {
        if (System.nanoTime() > until || processes.stream().noneMatch(Process::isAlive)) {
          throw new IllegalStateException(product.name() + " did not start: see its log");
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  private static boolean answers(int port) {
    ManagedChannel channel = channel(port);
    try {
      RangeRequest request = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("?")).build();
      long _ =
          KVGrpc.newBlockingStub(channel)
              .withDeadlineAfter(5, TimeUnit.SECONDS)
              .range(request)
              .getCount();
      return true;
    } catch (StatusRuntimeException _) {
      return false;
    } finally {
      ManagedChannel _ = channel.shutdownNow();
    }
  }

  static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .build();
  }

  Product product() {
    return product;
  }

  List<Integer> ports() {
    return ports;
  }

  List<Long> pids() {
    return processes.stream().filter(Process::isAlive).map(Process::pid).toList();
  }

  /** Which member leads. */
  int leader() {
    for (int i = 0; i < ports.size(); i++) {
      ManagedChannel channel = channel(ports.get(i));
      try {
        StatusResponse status =
            MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .status(StatusRequest.getDefaultInstance());
        if (status.getLeader() == status.getHeader().getMemberId()) {
          return i;
        }
      } catch (StatusRuntimeException _) {
        // One of those that are left leads.
      } finally {
        ManagedChannel _ = channel.shutdownNow();
      }
    }
    throw new IllegalStateException("no leader");
  }

  void kill(int member) {
    Process _ = processes.get(member).destroyForcibly();
  }

  private void kill() {
    processes.forEach(Process::destroyForcibly);
  }

  /** In order, so that a recording is written. */
  @Override
  public void close() throws IOException {
    processes.forEach(Process::destroy);
    try {
      for (Process each : processes) {
        if (!each.waitFor(20, TimeUnit.SECONDS)) {
          kill();
        }
      }
    } catch (InterruptedException _) {
      kill();
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        boolean _ = Files.deleteIfExists(each);
      }
    }
  }
}
