package io.cadastre.kv.apply;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.Compare;
import io.cadastre.contracts.kv.Compare.CompareTarget;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.ReadView;
import io.cadastre.kv.mvcc.ReadView.Next;
import io.cadastre.kv.mvcc.ReadView.Visited;
import io.cadastre.kv.mvcc.ReadView.Visitor;
import java.util.List;

/** Decides which branch of a transaction runs. */
final class Comparison {

  private Comparison() {}

  /** True where every comparison holds for every key it is about; no comparison = true. */
  static boolean allHold(ReadView view, List<Compare> compares, Meter meter) {
    return compares.stream().allMatch(compare -> holds(view, compare, meter));
  }

  private static boolean holds(ReadView view, Compare compare, Meter meter) {
    KeyRange range = KeyRange.of(compare.getKey(), compare.getRangeEnd());
    OfKeys ofKeys = new OfKeys(compare, meter);
    Visited _ = view.visit(range, 0, ofKeys);
    if (!ofKeys.any) {
      // A missing key counts as zeros, but no value stands for a missing one.
      return compare.getTarget() != CompareTarget.VALUE
          && holds(compare, KeyValue.getDefaultInstance());
    }
    return ofKeys.all;
  }

  /** Looks at keys until it holds for one of them not. */
  private static final class OfKeys implements Visitor {

    private final Compare compare;
    private final Meter meter;
    private boolean any;
    private boolean all = true;

    OfKeys(Compare compare, Meter meter) {
      this.compare = compare;
      this.meter = meter;
    }

    @Override
    public Next next() {
      meter.key();
      return all ? Next.READ : Next.END;
    }

    @Override
    public void read(KeyValue kv) {
      any = true;
      all = holds(compare, kv);
    }
  }

  private static boolean holds(Compare compare, KeyValue kv) {
    int order =
        switch (compare.getTarget()) {
          case VERSION -> Long.compare(kv.getVersion(), compare.getVersion());
          case CREATE -> Long.compare(kv.getCreateRevision(), compare.getCreateRevision());
          case MOD -> Long.compare(kv.getModRevision(), compare.getModRevision());
          case LEASE -> Long.compare(kv.getLease(), compare.getLease());
          case VALUE ->
              ByteString.unsignedLexicographicalComparator()
                  .compare(kv.getValue(), compare.getValue());
          // etcd compares nothing with an unknown target, which is equality.
          case UNRECOGNIZED -> 0;
        };
    return switch (compare.getResult()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
      case UNRECOGNIZED -> true;
    };
  }
}
