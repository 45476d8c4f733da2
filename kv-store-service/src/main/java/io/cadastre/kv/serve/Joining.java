package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.peer.MembersResponse;
import io.cadastre.kv.cluster.Bootstrap;
import io.cadastre.kv.cluster.ClusterIds;
import io.cadastre.kv.serve.DataDirectory.Identity;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Finds out, before a member starts, who it is and whether it may. */
final class Joining {

  private final PeerCalls peers;

  Joining(PeerCalls peers) {
    this.peers = peers;
  }

  /** Who a member is that was never started. */
  Identity settle(Bootstrap bootstrap, String name, List<String> ownUrls) throws IOException {
    if (bootstrap.existing()) {
      return join(bootstrap, ownUrls);
    }
    List<Member> members = bootstrap.members(name, ownUrls);
    long self =
        members.stream()
            .filter(member -> member.getName().equals(name))
            .findFirst()
            .orElseThrow()
            .getID();
    return new Identity(ClusterIds.cluster(members), self, false, members);
  }

  private Identity join(Bootstrap bootstrap, List<String> ownUrls) throws IOException {
    List<String> refusals = new ArrayList<>();
    for (MembersResponse cluster : ask(bootstrap.others(ownUrls), refusals)) {
      for (Member member : cluster.getMembersList()) {
        if (member.getPeerURLsList().stream().anyMatch(ownUrls::contains)) {
          return new Identity(
              cluster.getClusterId(), member.getID(), true, cluster.getMembersList());
        }
      }
      refusals.add(
          "no member of cluster %s has one of %s (allowed: a member that was added before)"
              .formatted(ClusterIds.text(cluster.getClusterId()), ownUrls));
    }
    throw new IOException(
        "initial-cluster-state: existing, but cannot join: " + String.join("; ", refusals));
  }

  /**
   * Refuses to start where somebody knows that the member does not belong to the cluster any more,
   * or that this is another cluster. Who does not answer does not count.
   *
   * @param fresh whether the member was never started here
   */
  void check(Identity identity, boolean fresh, Collection<URI> others) throws IOException {
    for (MembersResponse answer : ask(others, new ArrayList<>())) {
      if (answer.getClusterId() != identity.clusterId() && fresh) {
        throw new IOException(
            "initial-cluster: member %s is of cluster %s already (allowed: other URLs, or initial-cluster-state existing)"
                .formatted(
                    ClusterIds.text(answer.getMemberId()), ClusterIds.text(answer.getClusterId())));
      }
      if (answer.getClusterId() != identity.clusterId()) {
        throw new IOException(
            "cluster ID mismatch: the data is of cluster %s, member %s of cluster %s"
                .formatted(
                    ClusterIds.text(identity.clusterId()),
                    ClusterIds.text(answer.getMemberId()),
                    ClusterIds.text(answer.getClusterId())));
      }
      if (answer.getRemovedIdsList().contains(identity.memberId())) {
        throw new IOException(removed(identity.memberId()));
      }
      if (fresh && wasStarted(identity, answer)) {
        throw new IOException(
            "member %s has already been bootstrapped (allowed: the data-dir it had, or to remove it, add it again and start it as new)"
                .formatted(ClusterIds.text(identity.memberId())));
      }
    }
  }

  /** A member whose data are lost would vote again where it has voted before. */
  private static boolean wasStarted(Identity identity, MembersResponse answer) {
    return answer.getMembersList().stream()
        .anyMatch(
            member -> member.getID() == identity.memberId() && member.getClientURLsCount() > 0);
  }

  static String removed(long id) {
    return "the member has been permanently removed from the cluster: "
        + ClusterIds.text(id)
        + " (allowed: to add it again, and start it with a new data-dir)";
  }

  private List<MembersResponse> ask(Collection<URI> urls, List<String> refusals) {
    List<CompletableFuture<MembersResponse>> asked =
        urls.stream().map(url -> peers.members(url)).toList();
    List<MembersResponse> answers = new ArrayList<>();
    for (CompletableFuture<MembersResponse> each : asked) {
      try {
        answers.add(each.join());
      } catch (CompletionException e) {
        refusals.add(String.valueOf(e.getCause()));
      }
    }
    return answers;
  }
}
