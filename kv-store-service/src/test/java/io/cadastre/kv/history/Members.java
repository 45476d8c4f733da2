package io.cadastre.kv.history;

import io.cadastre.contracts.kv.ClusterGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.MemberAddRequest;
import io.cadastre.contracts.kv.MemberListRequest;
import io.cadastre.contracts.kv.MemberPromoteRequest;
import io.cadastre.contracts.kv.MemberRemoveRequest;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The members of a cluster, each in a process of its own, each behind a proxy for its peers. */
final class Members implements AutoCloseable {

  private static final List<String> JVM_OPTIONS = List.of("-Xmx192m");
  private static final long START_SECONDS = 120;
  private static final long ASKED_SECONDS = 5;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MOST_STARTS = 20;

  private final Path directory;
  private final List<String> jvmOptions;
  private final List<String> options;
  private final AtomicInteger made = new AtomicInteger();

  /** Whose processes there may be. */
  private final List<Place> known = new CopyOnWriteArrayList<>();

  /** Whom clients may ask. */
  private final List<Place> serving = new CopyOnWriteArrayList<>();

  private Members(Path directory, List<String> jvmOptions, List<String> options) {
    this.directory = directory;
    this.jvmOptions = jvmOptions;
    this.options = options;
  }

  /** Starts one that is a cluster of its own; it serves when this returns. */
  static Members startOne(Path directory, String... jvmOptions) throws Exception {
    return start(directory, List.of(jvmOptions), 1);
  }

  /** Starts a cluster, of little memory each; it serves when this returns. */
  static Members start(Path directory, int count, String... options) throws Exception {
    return start(directory, JVM_OPTIONS, count, options);
  }

  private static Members start(
      Path directory, List<String> jvmOptions, int count, String... options) throws Exception {
    Members started = new Members(directory, jvmOptions, List.of(options));
    try {
      started.launch(count);
    } catch (Exception e) {
      started.close();
      throw e;
    }
    return started;
  }

  private void launch(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      serving.add(prepare());
    }
    List<CompletableFuture<Void>> ready =
        serving.stream()
            .map(place -> place.process().start(options(place, serving, "new")))
            .toList();
    for (CompletableFuture<Void> each : ready) {
      each.get(START_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** A place for a member that is not started yet. */
  Place prepare() throws IOException {
    int number = made.getAndIncrement();
    int peerPort = FreePort.choose("member", 0);
    int port = FreePort.choose("member", 0);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    Place place =
        new Place(
            number,
            directory.resolve("m" + number),
            peerPort,
            new PeerProxy(peerPort, this::whose),
            new MemberProcess(port, jvmOptions),
            channel);
    known.add(place);
    return place;
  }

  private List<String> options(Place place, List<Place> all, String state) {
    List<String> with = new ArrayList<>(options);
    with.add("--name=" + place.name());
    with.add("--data-dir=" + place.data());
    with.add("--listen-peer-urls=http://127.0.0.1:" + place.peerPort());
    with.add("--initial-advertise-peer-urls=" + place.peerUrl());
    with.add(
        "--initial-cluster="
            + all.stream()
                .map(each -> each.name() + "=" + each.peerUrl())
                .collect(Collectors.joining(",")));
    with.add("--initial-cluster-state=" + state);
    return with;
  }

  private int whose(Socket connection) {
    List<Long> pids = known.stream().map(place -> place.process().pid()).toList();
    return Sockets.owner(connection, pids)
        .map(pid -> known.get(pids.indexOf(pid)).number())
        .orElse(-1);
  }

  /** Those that clients may ask. */
  List<Place> all() {
    return List.copyOf(serving);
  }

  /** Those, and who was prepared to become one of them. */
  List<Place> known() {
    return List.copyOf(known);
  }

  /** The ways to {@link #all}. */
  List<ManagedChannel> channels() {
    return serving.stream().map(Place::channel).toList();
  }

  /** What all said that ever ran, for who has to find out what happened. */
  List<String> output() {
    return known.stream().map(place -> place + ":\n" + place.process().output()).toList();
  }

  /** Who leads, if anybody who answers does. */
  Optional<Place> leader() {
    return serving.stream().filter(Members::leads).findFirst();
  }

  private static boolean leads(Place place) {
    try {
      StatusResponse status =
          MaintenanceGrpc.newBlockingStub(place.channel())
              .withDeadlineAfter(ASKED_SECONDS, TimeUnit.SECONDS)
              .status(StatusRequest.getDefaultInstance());
      return status.getLeader() == status.getHeader().getMemberId();
    } catch (StatusRuntimeException _) {
      return false;
    }
  }

  /** From here on nothing gets from one member to another; the way back is open. */
  void cut(Place from, Place to) {
    // A member may have connected to the other, or the other to it.
    to.proxy().dropFrom(from.number());
    from.proxy().dropTo(to.number());
  }

  void heal() {
    known.forEach(place -> place.proxy().heal());
  }

  /** Nobody waits longer than needed for who is back. */
  void connectAnew() {
    serving.forEach(place -> place.channel().resetConnectBackoff());
  }

  /** Asks one member after another until one answers: that may take an election, not for ever. */
  <T> T ask(Function<ManagedChannel, T> call) {
    long until = System.nanoTime() + PATIENCE_NANOS;
    for (int i = 0; true; i++) {
      List<Place> places = all();
      try {
        return call.apply(places.get(i % places.size()).channel());
      } catch (StatusRuntimeException failure) {
        if (System.nanoTime() - until > 0) {
          throw failure;
        }
        LockSupport.parkNanos(AGAIN_NANOS);
      }
    }
  }

  private static ClusterGrpc.ClusterBlockingStub cluster(ManagedChannel channel) {
    return ClusterGrpc.newBlockingStub(channel).withDeadlineAfter(ASKED_SECONDS, TimeUnit.SECONDS);
  }

  private static Optional<Member> find(ManagedChannel channel, Place place) {
    return cluster(channel)
        .memberList(MemberListRequest.newBuilder().setLinearizable(true).build())
        .getMembersList()
        .stream()
        .filter(member -> member.getPeerURLsList().contains(place.peerUrl()))
        .findFirst();
  }

  /** Makes a place a learner of the cluster; its id. Whether an answer was lost does not matter. */
  long add(Place place) {
    MemberAddRequest request =
        MemberAddRequest.newBuilder().addPeerURLs(place.peerUrl()).setIsLearner(true).build();
    return ask(channel ->
        find(channel, place)
            .map(Member::getID)
            .orElseGet(() -> cluster(channel).memberAdd(request).getMember().getID()));
  }

  /** Starts who was added; again where it finds nobody who knows of it yet. */
  void join(Place place) {
    List<Place> together = new ArrayList<>(serving);
    together.add(place);
    List<String> with = options(place, together, "existing");
    for (int starts = 1; true; starts++) {
      try {
        place.process().start(with).join();
        return;
      } catch (CompletionException failure) {
        if (starts == MOST_STARTS) {
          throw failure;
        }
      }
    }
  }

  /** Makes a voter of a learner, when it has caught up; from then on clients ask it, too. */
  void promote(Place place, long id) {
    boolean _ =
        ask(channel -> {
          if (find(channel, place).orElseThrow().getIsLearner()) {
            var _ =
                cluster(channel).memberPromote(MemberPromoteRequest.newBuilder().setID(id).build());
          }
          return true;
        });
    serving.add(place);
  }

  /** Removes a member; its process is gone after that. */
  void remove(Place place) {
    boolean _ =
        ask(channel -> {
          find(channel, place)
              .ifPresent(member -> {
                var _ =
                    cluster(channel)
                        .memberRemove(
                            MemberRemoveRequest.newBuilder().setID(member.getID()).build());
              });
          return true;
        });
    boolean _ = serving.remove(place);
  }

  /** Ends what is left of a member that was removed. */
  void forget(Place place) throws IOException {
    boolean _ = known.remove(place);
    place.process().close();
    place.proxy().close();
    ManagedChannel _ = place.channel().shutdownNow();
  }

  @Override
  public void close() throws IOException {
    for (Place place : List.copyOf(known)) {
      forget(place);
    }
  }
}
