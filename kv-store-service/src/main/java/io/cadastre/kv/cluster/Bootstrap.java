package io.cadastre.kv.cluster;

import io.cadastre.contracts.kv.Member;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a member comes to its cluster, in the words of etcd's options.
 *
 * @param initialCluster peer URLs by the name of the member that has them
 * @param existing whether the cluster is there already and knows of this member
 */
public record Bootstrap(Map<String, List<String>> initialCluster, boolean existing, String token) {

  /** As etcd has it. */
  public static final String DEFAULT_TOKEN = "etcd-cluster";

  public Bootstrap {
    initialCluster = Map.copyOf(initialCluster);
  }

  /** Whether a member of that name is among those it was told of. */
  public boolean names(String member) {
    return initialCluster.containsKey(member);
  }

  /** A new cluster of this member alone. */
  public static Bootstrap alone() {
    return new Bootstrap(Map.of(), false, DEFAULT_TOKEN);
  }

  /**
   * Reads etcd's options.
   *
   * @param initialCluster {@code name=url,name=url,…}; empty = this member alone
   * @param state {@code new} or {@code existing}
   */
  public static Bootstrap parse(String initialCluster, String state, String token) {
    if (!state.equals("new") && !state.equals("existing")) {
      throw new IllegalArgumentException(
          "initial-cluster-state: " + state + " (allowed: new, existing)");
    }
    Map<String, List<String>> members = new TreeMap<>();
    for (String each : initialCluster.isEmpty() ? new String[0] : initialCluster.split(",")) {
      int equals = each.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException(
            "initial-cluster: " + each + " (allowed: name=http(s)://host:port)");
      }
      URI url = PeerUrls.parse(each.substring(equals + 1));
      members
          .computeIfAbsent(each.substring(0, equals), _ -> new ArrayList<>())
          .add(url.toString());
    }
    return new Bootstrap(members, state.equals("existing"), token);
  }

  /**
   * The members that the cluster begins with.
   *
   * @param name of this member
   * @param ownUrls under which the others reach it
   */
  public List<Member> members(String name, List<String> ownUrls) {
    Map<String, List<String>> all =
        initialCluster.isEmpty() ? Map.of(name, ownUrls) : initialCluster;
    List<String> mine = all.getOrDefault(name, List.of());
    if (!mine.stream().sorted().toList().equals(ownUrls.stream().sorted().toList())) {
      throw new IllegalArgumentException(
          "initial-cluster: %s has %s (allowed: what initial-advertise-peer-urls says, %s)"
              .formatted(name, mine, ownUrls));
    }
    return all.entrySet().stream()
        .map(each ->
            Member.newBuilder()
                .setID(ClusterIds.member(each.getValue(), token))
                .setName(each.getKey())
                .addAllPeerURLs(each.getValue())
                .build())
        .sorted((a, b) -> Long.compareUnsigned(a.getID(), b.getID()))
        .toList();
  }

  /** Where others may be, for a member that joins. */
  public List<URI> others(List<String> ownUrls) {
    return initialCluster.values().stream()
        .flatMap(List::stream)
        .filter(url -> !ownUrls.contains(url))
        .map(PeerUrls::parse)
        .toList();
  }
}
