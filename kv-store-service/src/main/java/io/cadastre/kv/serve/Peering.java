package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.Member;
import io.cadastre.kv.cluster.ClusterIds;
import io.cadastre.kv.cluster.Members;
import io.cadastre.kv.cluster.PeerUrls;
import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.peer.PeerChannels;
import io.cadastre.kv.peer.PeerServer;
import io.cadastre.kv.serve.DataDirectory.Identity;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A member's way to the others, and theirs to it. */
final class Peering implements AutoCloseable {

  private final PeerSettings settings;
  private final Supplier<Members> members;
  private final PeerService service = new PeerService();
  private final PeerServer server;
  private final MemberAddresses addresses = new MemberAddresses(this::member);
  private final PeerChannels channels;
  private final PeerCalls calls;

  private volatile List<Member> firstMembers = List.of();
  private volatile Reachability reachability;

  /**
   * Begins to listen.
   *
   * @param members those that were agreed on
   */
  Peering(PeerSettings settings, Supplier<Members> members) throws IOException {
    this.settings = settings;
    this.members = members;
    server =
        new PeerServer(
            settings.listen(), settings.tls(), ConnectionLimits.ofMembers(), List.of(service));
    channels = new PeerChannels(settings.tls(), addresses);
    calls = new PeerCalls(channels, addresses::url);
    reachability = reachability(0);
    boolean _ = server.init(null);
  }

  private Reachability reachability(long self) {
    return new Reachability(self, calls::reachable, System::nanoTime);
  }

  PeerService service() {
    return service;
  }

  PeerChannels channels() {
    return channels;
  }

  /** Made when it is known who this member is. */
  Reachability reachability() {
    return reachability;
  }

  PeerCalls calls() {
    return calls;
  }

  /** Under which the others reach this member. */
  List<String> urls() {
    String scheme = settings.tls() == null ? "http" : "https";
    return settings.advertised().isEmpty()
        ? settings.listen().stream()
            .map(each ->
                scheme
                    + "://"
                    + each.getHostString()
                    + ":"
                    + (each.getPort() == 0 ? server.boundPort() : each.getPort()))
            .toList()
        : settings.advertised();
  }

  private Optional<Member> member(long id) {
    return members
        .get()
        .find(id)
        .or(() -> firstMembers.stream().filter(each -> each.getID() == id).findFirst());
  }

  /** Gives up connections to where members are no longer. Called every now and then. */
  void followMoves() {
    addresses.moved().forEach(channels::moved);
  }

  /**
   * Finds out who this member is.
   *
   * @throws IOException where it may not start
   */
  Identity identify(DataDirectory directory, String name, boolean memory) throws IOException {
    Joining joining = new Joining(calls);
    Identity known = directory.identity();
    boolean fresh = known == null;
    if (known == null) {
      known = joining.settle(settings.bootstrap(), name, urls());
    } else if (memory && known.firstMembers().size() != 1) {
      throw new IOException(
          "engine: memory, but member %s was started before and lost what it had agreed to"
                  .formatted(ClusterIds.text(known.memberId()))
              + " (allowed: to remove it, add it again, and start it with a new data-dir)");
    }
    firstMembers = known.firstMembers();
    reachability = reachability(known.memberId());
    if (members.get().removed().contains(known.memberId())) {
      throw new IOException(Joining.removed(known.memberId()));
    }
    requireOwnData(known, name);
    joining.check(known, fresh, others(known.memberId()));
    if (fresh) {
      directory.settle(known);
    }
    return known;
  }

  /** Whoever is named otherwise in the options than in the data has taken the wrong directory. */
  private void requireOwnData(Identity known, String name) throws IOException {
    for (Member member : members.get().all()) {
      boolean named = member.getName().equals(name) && settings.bootstrap().names(name);
      if (member.getID() != known.memberId() && named) {
        throw new IOException(
            "data-dir: holds member %s, but %s is member %s (allowed: the directory of %s)"
                .formatted(
                    ClusterIds.text(known.memberId()),
                    name,
                    ClusterIds.text(member.getID()),
                    name));
      }
    }
  }

  private List<URI> others(long self) {
    Stream<URI> known =
        Stream.concat(members.get().all().stream(), firstMembers.stream())
            .filter(member -> member.getID() != self)
            .flatMap(member -> member.getPeerURLsList().stream())
            .map(PeerUrls::parse);
    return Stream.concat(known, settings.bootstrap().others(urls()).stream()).distinct().toList();
  }

  /** Nobody reaches this member any more, nor it the others. */
  @Override
  public void close() {
    server.shutdown();
    channels.close();
  }
}
