package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.kv.ClusterGrpc;
import io.cadastre.contracts.kv.MemberPromoteRequest;
import io.cadastre.kv.cluster.Bootstrap;
import io.cadastre.kv.compaction.Retention;
import io.cadastre.kv.tls.TestAuthority;
import io.cadastre.localservers.FreePort;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.cluster.Member;
import io.etcd.jetcd.maintenance.AlarmMember;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Members in one process, each with a client of its own. */
final class TestCluster implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(60);

  /** etcd: five seconds. */
  private static final Duration REACHED = Duration.ofMillis(500);

  private final Path directory;
  private final boolean memory;
  private final long snapshotEntries;
  private final Map<String, Integer> peerPorts = new TreeMap<>();
  private final Map<String, KvServer> servers = new TreeMap<>();
  private final Map<String, Client> clients = new TreeMap<>();

  /** Who vouches for members; null = nobody. */
  private final @Nullable TestAuthority authority;

  private TestCluster(
      Path directory, boolean memory, long snapshotEntries, @Nullable TestAuthority authority) {
    this.authority = authority;
    this.directory = directory;
    this.memory = memory;
    this.snapshotEntries = snapshotEntries;
  }

  /** None at all, until one is started. */
  static TestCluster none() {
    return new TestCluster(Path.of(""), true, 1, null);
  }

  static TestCluster start(Path directory, boolean memory, long snapshotEntries, String... names)
      throws IOException {
    return start(new TestCluster(directory, memory, snapshotEntries, null), names);
  }

  /** With members that know each other by certificates. */
  static TestCluster startWithTls(Path directory, String... names) throws IOException {
    TestAuthority authority = new TestAuthority(directory.resolve("tls"));
    return start(new TestCluster(directory, false, 100_000, authority), names);
  }

  private static TestCluster start(TestCluster cluster, String... names) throws IOException {
    for (String name : names) {
      cluster.peerPorts.put(name, FreePort.choose("member", 0));
    }
    for (String name : names) {
      cluster.start(name);
    }
    return cluster;
  }

  void start(String name) throws IOException {
    start(name, false);
  }

  private void start(String name, boolean existing) throws IOException {
    KvServer server = KvServer.start(settings(name, existing));
    servers.put(name, server);
    clients.put(name, Client.builder().endpoints("http://127.0.0.1:" + server.port()).build());
  }

  KvSettings settings(String name, boolean existing) {
    StringBuilder members = new StringBuilder();
    peerPorts
        .keySet()
        .forEach(each ->
            members
                .append(members.isEmpty() ? "" : ",")
                .append(each)
                .append('=')
                .append(url(each)));
    int port = peerPorts.getOrDefault(name, 0);
    return new KvSettings(
        name,
        directory.resolve(name),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        List.of(),
        memory,
        KvSettings.DEFAULT_QUOTA_BYTES,
        Retention.parse("periodic", "0"),
        ClientSettings.DEFAULT,
        new PeerSettings(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
            List.of(url(name)),
            Bootstrap.parse(members.toString(), existing ? "existing" : "new", "test"),
            authority == null ? null : authority.issue(name),
            Duration.ofMillis(500),
            Duration.ofMillis(50),
            snapshotEntries,
            Duration.ofSeconds(1),
            true,
            REACHED));
  }

  String url(String name) {
    return (authority == null ? "http" : "https") + "://127.0.0.1:" + peerPorts.get(name);
  }

  /** A place for a member that is to be added. */
  String prepare(String name) throws IOException {
    peerPorts.put(name, FreePort.choose("member", 0));
    return url(name);
  }

  /** Adds a member, as soon as the others were reached for long enough. */
  Member add(String through, String name, boolean learner) throws IOException {
    List<URI> urls = List.of(URI.create(prepare(name)));
    return whenHealthy(() -> client(through).getClusterClient().addMember(urls, learner))
        .getMember();
  }

  /** Done as soon as the others were reached for long enough. */
  static <T> T whenHealthy(Supplier<CompletableFuture<T>> change) {
    AtomicReference<T> changed = new AtomicReference<>();
    await()
        .atMost(LONG)
        .until(() -> {
          try {
            changed.set(done(change.get()));
            return true;
          } catch (ExecutionException e) {
            assertThat(e).hasMessageContaining("etcdserver: unhealthy cluster");
            return false;
          }
        });
    return changed.get();
  }

  /** Where a member's files are. */
  Path directory(String name) {
    return directory.resolve(name);
  }

  void join(String name) throws IOException {
    start(name, true);
  }

  void forget(String name) {
    Client client = clients.remove(name);
    if (client != null) {
      client.close();
    }
    servers.remove(name);
  }

  void kill(String name) throws IOException {
    KvServer server = server(name);
    forget(name);
    server.abandon();
  }

  void stop(String name) throws IOException {
    KvServer server = server(name);
    forget(name);
    server.close();
  }

  KvServer server(String name) {
    return Optional.ofNullable(servers.get(name)).orElseThrow();
  }

  Client client(String name) {
    return Optional.ofNullable(clients.get(name)).orElseThrow();
  }

  List<String> names() {
    return List.copyOf(servers.keySet());
  }

  String endpoint(String name) {
    return "http://127.0.0.1:" + server(name).port();
  }

  StatusResponse status(String name) {
    try {
      return done(client(name).getMaintenanceClient().statusMember(endpoint(name)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until all agree who leads, and says who. */
  String leader() {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() ->
            names().stream().map(name -> status(name).getLeader()).distinct().count() == 1
                && leaders().size() == 1);
    return leaders().getFirst();
  }

  private List<String> leaders() {
    List<String> leaders = new ArrayList<>();
    for (String name : names()) {
      StatusResponse status = status(name);
      if (status.getLeader() != 0 && status.getLeader() == status.getHeader().getMemberId()) {
        leaders.add(name);
      }
    }
    return leaders;
  }

  List<String> followers() {
    String leader = leader();
    return names().stream().filter(name -> !name.equals(leader)).toList();
  }

  void put(String through, String key, String value) throws Exception {
    var _ = done(client(through).getKVClient().put(bytes(key), bytes(value)));
  }

  String get(String through, String key) throws Exception {
    List<KeyValue> found = done(client(through).getKVClient().get(bytes(key))).getKvs();
    return found.isEmpty() ? "-" : found.getFirst().getValue().toString(UTF_8);
  }

  /** jetcd knows no promotion. */
  void promote(String through, long member) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                InetAddress.getLoopbackAddress().getHostAddress(), server(through).port())
            .usePlaintext()
            .build();
    try {
      var _ =
          ClusterGrpc.newBlockingStub(channel)
              .withDeadlineAfter(LONG.toSeconds(), TimeUnit.SECONDS)
              .memberPromote(MemberPromoteRequest.newBuilder().setID(member).build());
    } finally {
      channel.shutdownNow();
    }
  }

  /** The same history everywhere. */
  void assertSameHistory() {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> {
          List<Long> revisions = new ArrayList<>();
          List<Integer> hashes = new ArrayList<>();
          for (String name : names()) {
            var hash = done(client(name).getMaintenanceClient().hashKV(endpoint(name), 0));
            revisions.add(hash.getHeader().getRevision());
            hashes.add(hash.getHash());
          }
          assertThat(revisions.stream().distinct()).hasSize(1);
          assertThat(hashes.stream().distinct()).hasSize(1);
        });
  }

  /** Until everybody hears that this member, and no other, has what the others have not. */
  void awaitCorrupt(long member) {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> {
          List<AlarmMember> alarms =
              done(client("a").getMaintenanceClient().listAlarms()).getAlarms();
          assertThat(alarms).extracting(AlarmMember::getMemberId).containsExactly(member);
        });
  }

  static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  static <T> T done(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    for (String name : names()) {
      kill(name);
    }
  }
}
