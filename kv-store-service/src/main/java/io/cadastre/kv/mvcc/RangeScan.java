package io.cadastre.kv.mvcc;

import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.mvcc.ReadView.Found;
import io.cadastre.kv.mvcc.ReadView.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Walks the index over a range and fetches what is wanted of it. */
final class RangeScan {

  private final KeyIndex index;
  private final Function<Revision, KeyValue> values;

  RangeScan(KeyIndex index, Function<Revision, KeyValue> values) {
    this.index = index;
    this.values = values;
  }

  /** Reads at a revision that the caller has checked. */
  Found read(KeyRange range, Selection selection, long revision, long storeRevision) {
    List<Revision> wanted = new ArrayList<>();
    long[] count = {0};
    long most = selection.limit() <= 0 ? Long.MAX_VALUE : selection.limit();
    index.visit(
        range,
        (_, history) -> {
          Revision found = history.at(revision);
          if (found != null) {
            count[0]++;
            if (!selection.countOnly() && wanted.size() < most) {
              wanted.add(found);
            }
          }
          return true;
        });
    List<KeyValue> kvs = new ArrayList<>(wanted.size());
    for (Revision each : wanted) {
      kvs.add(values.apply(each));
    }
    return new Found(kvs, count[0], storeRevision);
  }
}
