package io.cadastre.kv.apply;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeRequest.SortTarget;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.mvcc.ReadView.Next;
import io.cadastre.kv.mvcc.ReadView.Visitor;
import io.cadastre.kv.request.EtcdError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Picks what a request wants of a range, and keeps no more than that: one more than its limit,
 * which tells whether there are more.
 */
final class RangePick implements Visitor {

  private static final Comparator<KeyValue> BY_KEY =
      Comparator.comparing(KeyValue::getKey, ByteString.unsignedLexicographicalComparator());

  private final RangeRequest request;
  private final Meter meter;
  private final long most;

  /** Null = as the keys come. */
  private final @Nullable Comparator<KeyValue> order;

  /** Where it is ordered, the last comes off first. */
  private final Collection<KeyValue> kept;

  private long bytes;

  RangePick(RangeRequest request, Meter meter) {
    this.request = request;
    this.meter = meter;
    long limit = request.getLimit();
    most = limit <= 0 || limit == Long.MAX_VALUE ? Long.MAX_VALUE : limit + 1;
    order = order(request);
    kept = order == null ? new ArrayList<>() : new PriorityQueue<>(order.reversed());
  }

  @Override
  public Next next() {
    meter.key();
    boolean full = order == null && kept.size() >= most;
    return request.getCountOnly() || full ? Next.COUNT : Next.READ;
  }

  @Override
  public void read(KeyValue kv) {
    if (!passes(kv)) {
      return;
    }
    boolean valueCounts = request.getSortTarget() == SortTarget.VALUE && order != null;
    keep(request.getKeysOnly() && !valueCounts ? withoutValue(kv) : kv);
    if (kept instanceof PriorityQueue<KeyValue> queue && queue.size() > most) {
      KeyValue last = queue.remove();
      account(-last.getSerializedSize());
    }
  }

  private void keep(KeyValue kv) {
    account(kv.getSerializedSize());
    kept.add(kv);
  }

  private void account(long more) {
    meter.bytes(more);
    bytes += more;
  }

  /** Keeps nothing of what it picked. */
  void giveUp() {
    kept.clear();
    account(-bytes);
  }

  /** What was picked, in order. */
  List<KeyValue> kvs() {
    List<KeyValue> kvs = new ArrayList<>(kept);
    if (order != null) {
      kvs.sort(order);
      if (request.getKeysOnly()) {
        kvs.replaceAll(RangePick::withoutValue);
      }
    }
    return kvs;
  }

  static KeyValue withoutValue(KeyValue kv) {
    return kv.getValue().isEmpty() ? kv : kv.toBuilder().setValue(ByteString.EMPTY).build();
  }

  private boolean passes(KeyValue kv) {
    return within(kv.getModRevision(), request.getMinModRevision(), request.getMaxModRevision())
        && within(
            kv.getCreateRevision(), request.getMinCreateRevision(), request.getMaxCreateRevision());
  }

  private static boolean within(long revision, long min, long max) {
    return (min == 0 || revision >= min) && (max == 0 || revision <= max);
  }

  /** Equal ones stay in the order of their keys. */
  private static @Nullable Comparator<KeyValue> order(RangeRequest request) {
    SortTarget target = request.getSortTarget();
    return switch (request.getSortOrder()) {
      // A target without an order means ascending, as in etcd.
      case NONE, ASCEND -> target == SortTarget.KEY ? null : by(target).thenComparing(BY_KEY);
      case DESCEND -> by(target).reversed().thenComparing(BY_KEY);
      case UNRECOGNIZED -> throw EtcdError.INVALID_SORT_OPTION.exception();
    };
  }

  private static Comparator<KeyValue> by(SortTarget target) {
    return switch (target) {
      case KEY -> BY_KEY;
      case VERSION -> Comparator.comparingLong(KeyValue::getVersion);
      case CREATE -> Comparator.comparingLong(KeyValue::getCreateRevision);
      case MOD -> Comparator.comparingLong(KeyValue::getModRevision);
      case VALUE ->
          Comparator.comparing(KeyValue::getValue, ByteString.unsignedLexicographicalComparator());
      case UNRECOGNIZED -> throw EtcdError.INVALID_SORT_OPTION.exception();
    };
  }
}
