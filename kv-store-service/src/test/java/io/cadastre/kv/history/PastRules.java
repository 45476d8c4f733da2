package io.cadastre.kv.history;

import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeResponse;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was told as it happened, held against what members show of their history: at every revision
 * the keys that changed then, and how many there are.
 */
final class PastRules {

  private PastRules() {}

  /**
   * Says which revision differs.
   *
   * @param prefix of what is looked at
   * @param changes all of it, from the first on
   */
  static Optional<String> violation(
      List<ManagedChannel> members, String prefix, long from, long upTo, List<Change> changes) {
    TreeMap<Long, List<Change>> revisions =
        changes.stream()
            .collect(Collectors.groupingBy(Change::revision, TreeMap::new, Collectors.toList()));
    Map<String, String> state = new TreeMap<>();
    revisions.headMap(from, false).values().forEach(each -> Story.run(each, state));
    for (long revision = from; revision <= upTo; revision++) {
      List<Change> now = revisions.getOrDefault(revision, List.of());
      Story.run(now, state);
      RangeResponse shown =
          KVGrpc.newBlockingStub(members.get((int) (revision % members.size())))
              .range(
                  RangeRequest.newBuilder()
                      .setKey(Wire.bytes(prefix))
                      .setRangeEnd(Wire.behind(prefix))
                      .setRevision(revision)
                      .setMinModRevision(revision)
                      .setSerializable(true)
                      .build());
      Map<String, String> written =
          shown.getKvsList().stream()
              .collect(
                  Collectors.toMap(
                      kv -> kv.getKey().toStringUtf8(), kv -> kv.getValue().toStringUtf8()));
      Map<String, String> told = new TreeMap<>();
      for (Change change : now) {
        String value = change.value();
        if (value != null) {
          told.put(change.key(), value);
        }
      }
      if (!told.equals(written) || shown.getCount() != state.size()) {
        return Optional.of(
            "revision %d: told was %s, and there were %d keys; shown is %s of %d"
                .formatted(revision, now, state.size(), written, shown.getCount()));
      }
    }
    return Optional.empty();
  }
}
