package io.cadastre.kv.serve;

import com.alipay.sofa.jraft.util.Endpoint;
import io.cadastre.contracts.kv.Member;
import io.cadastre.kv.cluster.PeerUrls;
import io.cadastre.kv.peer.PeerChannels;
import io.cadastre.kv.raft.PeerIds;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * Where members are: each at one of its peer URLs, and where it does not answer, at the next of
 * them, going round.
 */
final class MemberAddresses implements PeerChannels.Addresses {

  /** For who is not known (yet): nobody is there. */
  static final Endpoint NOWHERE = new Endpoint("nowhere.invalid", 1);

  private final LongFunction<Optional<Member>> members;

  /** Where the connections of Raft's messages lead. */
  private final Map<Endpoint, Endpoint> used = new ConcurrentHashMap<>();

  /** How often a member did not answer at the URL that was tried. */
  private final Map<Long, Integer> misses = new ConcurrentHashMap<>();

  /**
   * Makes them.
   *
   * @param members who a member is, as far as is known
   */
  MemberAddresses(LongFunction<Optional<Member>> members) {
    this.members = members;
  }

  /** Where a member is, as far as is known. */
  Optional<URI> url(long id) {
    return members
        .apply(id)
        .map(member ->
            PeerUrls.parse(
                member.getPeerURLs(misses.getOrDefault(id, 0) % member.getPeerURLsCount())));
  }

  @Override
  public Endpoint now(Endpoint named) {
    return url(PeerIds.member(named)).map(PeerChannels::endpoint).orElse(NOWHERE);
  }

  @Override
  public Endpoint use(Endpoint named) {
    Endpoint found = now(named);
    Endpoint _ = used.put(named, found);
    return found;
  }

  @Override
  public boolean next(Endpoint named) {
    Endpoint tried = used.get(named);
    // Where it has moved meanwhile, that was not tried yet.
    if (now(named).equals(tried)) {
      int _ = misses.merge(PeerIds.member(named), 1, (a, b) -> (a + b) & Integer.MAX_VALUE);
    }
    return !now(named).equals(tried);
  }

  /** Those who are no longer where a connection leads. */
  List<Endpoint> moved() {
    return used.entrySet().stream()
        .filter(each -> !now(each.getKey()).equals(each.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
