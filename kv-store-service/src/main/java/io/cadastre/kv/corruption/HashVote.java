package io.cadastre.kv.corruption;

import io.cadastre.kv.mvcc.HistoryHash;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is odd, by the hashes that members have of one history. Only those count together that gave
 * up the same of it.
 */
public final class HashVote {

  /** Where nobody can say who is right. */
  public static final long ALL = 0;

  private HashVote() {}

  /**
   * Finds those whose data are not what most have.
   *
   * @param members how many there are, also of those that did not answer
   * @param hashes by member
   * @return {@link #ALL} where they differ and no majority agrees
   */
  public static Set<Long> odd(int members, Map<Long, HistoryHash> hashes) {
    Map<Long, Map<Long, HistoryHash>> comparable = new HashMap<>();
    hashes.forEach((member, hash) ->
        comparable.computeIfAbsent(hash.compactRevision(), _ -> new HashMap<>()).put(member, hash));
    Set<Long> odd = new HashSet<>();
    comparable.values().forEach(group -> odd.addAll(oddAmong(group, members)));
    return odd;
  }

  private static Set<Long> oddAmong(Map<Long, HistoryHash> group, int members) {
    List<Integer> different = group.values().stream().map(HistoryHash::hash).distinct().toList();
    if (different.size() < 2) {
      return Set.of();
    }
    for (int hash : different) {
      Collection<HistoryHash> same =
          group.values().stream().filter(each -> each.hash() == hash).toList();
      if (same.size() > members / 2) {
        Set<Long> odd = new HashSet<>(group.keySet());
        odd.removeIf(member -> same.contains(group.get(member)));
        return odd;
      }
    }
    return Set.of(ALL);
  }
}
