package io.cadastre.kv.serve;

import io.cadastre.kv.auth.Callers;
import io.cadastre.kv.metrics.GrpcCounts;
import io.cadastre.kv.port.CallLimits;
import io.cadastre.kv.port.ClientLoops;
import io.cadastre.kv.port.ClientPort;
import io.cadastre.kv.port.Pages;
import io.cadastre.kv.raft.RaftMember;
import io.cadastre.kv.watch.WatchHub;
import io.grpc.BindableService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All that clients reach of a member: its services, and pages beside them. */
final class FrontDoor {

  private final Answers answers;
  private final RaftMember member;
  private final WatchHub hub;
  private final Quota quota;
  private final StandingGuard guard;
  private final Pages pages;
  private final ClientPort port;

  /**
   * Makes it; it does not listen yet.
   *
   * @param scratch for files that are gone with the process
   */
  FrontDoor(
      KvSettings settings,
      Answers answers,
      RaftMember member,
      WatchHub hub,
      Peering peering,
      LeaderLeases leases,
      ClientLoops loops,
      MemberCounts counts,
      Path scratch)
      throws IOException {
    this.answers = answers;
    this.member = member;
    this.hub = hub;
    ClientSettings clients = settings.clients();
    quota = new Quota(answers, settings.quotaBytes());
    guard = new StandingGuard(answers, settings.peers().electionTimeout());
    GrpcCounts calls = new GrpcCounts(clients.callTimes());
    pages = pages(calls, counts, peering);
    port =
        new ClientPort(
            settings.listen(),
            clients.tls(),
            clients.connections(),
            calls(clients),
            loops,
            services(settings, peering, leases, counts.keys(), scratch),
            List.of(new Callers(clients.usersByCertificate()), guard),
            calls,
            pages,
            answers.threads().waiting());
  }

  private static CallLimits calls(ClientSettings clients) {
    ClientLimits limits = clients.limits();
    return new CallLimits(limits.messageBytes(), limits.pingsAtMostEvery(), clients.json());
  }

  private Pages pages(GrpcCounts calls, MemberCounts counts, Peering peering) {
    HealthChecks checks = new HealthChecks(answers, member);
    return new StatusPages(
        checks,
        new MemberMetrics(answers, quota, hub, member, counts, checks, calls, peering.channels()));
  }

  private List<BindableService> services(
      KvSettings settings, Peering peering, LeaderLeases leases, KeyCounts keys, Path scratch) {
    PeerSettings peers = settings.peers();
    List<BindableService> services =
        new ArrayList<>(
            List.of(
                new KvService(answers, quota, keys, settings.clients().limits()),
                new WatchService(answers, hub),
                new LeaseService(answers, quota, leases, peers.shortestLeaseSeconds()),
                new AuthService(answers),
                new MaintenanceService(answers, quota, member, scratch),
                new ClusterService(
                    answers,
                    peering.calls(),
                    new StrictReconfiguration(peers, peering.reachability()),
                    peers.bootstrap().token()),
                new LockService(answers, hub),
                new ElectionService(answers, hub),
                new HealthStatusManager().getHealthService()));
    if (settings.clients().reflection()) {
      services.add(ProtoReflectionServiceV1.newInstance());
    }
    return services;
  }

  ClientPort port() {
    return port;
  }

  Pages pages() {
    return pages;
  }

  StandingGuard guard() {
    return guard;
  }
}
