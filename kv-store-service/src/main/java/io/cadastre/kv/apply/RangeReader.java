package io.cadastre.kv.apply;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeRequest.SortOrder;
import io.cadastre.contracts.kv.RangeRequest.SortTarget;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.mvcc.CompactedException;
import io.cadastre.kv.mvcc.FutureRevisionException;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.ReadView;
import io.cadastre.kv.mvcc.ReadView.Found;
import io.cadastre.kv.mvcc.ReadView.Selection;
import io.cadastre.kv.request.EtcdError;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Answers range requests from a view of the store. */
public final class RangeReader {

  private RangeReader() {}

  /** The header carries the revision alone; who answers fills in the rest. */
  public static RangeResponse read(ReadView view, RangeRequest request) {
    Found found = find(view, request);
    List<KeyValue> kvs = order(filter(found.kvs().stream(), request), request).toList();
    RangeResponse.Builder response =
        RangeResponse.newBuilder()
            .setHeader(ResponseHeader.newBuilder().setRevision(found.revision()))
            .setCount(found.count());
    if (request.getLimit() > 0 && kvs.size() > request.getLimit()) {
      kvs = kvs.subList(0, (int) request.getLimit());
      response.setMore(true);
    }
    for (KeyValue kv : kvs) {
      response.addKvs(
          request.getKeysOnly() ? kv.toBuilder().setValue(ByteString.EMPTY).build() : kv);
    }
    return response.build();
  }

  private static Found find(ReadView view, RangeRequest request) {
    KeyRange range = KeyRange.of(request.getKey(), request.getRangeEnd());
    Selection selection =
        new Selection(request.getRevision(), fetchLimit(request), request.getCountOnly());
    try {
      return view.range(range, selection);
    } catch (CompactedException _) {
      throw EtcdError.COMPACTED.exception();
    } catch (FutureRevisionException _) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
  }

  /** One more than asked for tells whether there are more; sorting and filtering need them all. */
  private static long fetchLimit(RangeRequest request) {
    boolean needsAll = !isKeyOrder(request) || hasFilter(request);
    return needsAll || request.getLimit() <= 0 || request.getLimit() == Long.MAX_VALUE
        ? 0
        : request.getLimit() + 1;
  }

  private static boolean isKeyOrder(RangeRequest request) {
    return switch (request.getSortOrder()) {
      case NONE -> request.getSortTarget() == SortTarget.KEY;
      case ASCEND -> request.getSortTarget() == SortTarget.KEY;
      case DESCEND, UNRECOGNIZED -> false;
    };
  }

  private static boolean hasFilter(RangeRequest request) {
    return request.getMinModRevision() != 0
        || request.getMaxModRevision() != 0
        || request.getMinCreateRevision() != 0
        || request.getMaxCreateRevision() != 0;
  }

  private static Stream<KeyValue> filter(Stream<KeyValue> kvs, RangeRequest request) {
    return hasFilter(request)
        ? kvs.filter(kv ->
            within(kv.getModRevision(), request.getMinModRevision(), request.getMaxModRevision())
                && within(
                    kv.getCreateRevision(),
                    request.getMinCreateRevision(),
                    request.getMaxCreateRevision()))
        : kvs;
  }

  private static boolean within(long revision, long min, long max) {
    return (min == 0 || revision >= min) && (max == 0 || revision <= max);
  }

  private static Stream<KeyValue> order(Stream<KeyValue> kvs, RangeRequest request) {
    if (isKeyOrder(request)) {
      return kvs;
    }
    Comparator<KeyValue> order = by(request.getSortTarget());
    return kvs.sorted(request.getSortOrder() == SortOrder.DESCEND ? order.reversed() : order);
  }

  private static Comparator<KeyValue> by(SortTarget target) {
    Comparator<ByteString> bytes = ByteString.unsignedLexicographicalComparator();
    return switch (target) {
      case KEY -> Comparator.comparing(KeyValue::getKey, bytes);
      case VERSION -> Comparator.comparingLong(KeyValue::getVersion);
      case CREATE -> Comparator.comparingLong(KeyValue::getCreateRevision);
      case MOD -> Comparator.comparingLong(KeyValue::getModRevision);
      case VALUE -> Comparator.comparing(KeyValue::getValue, bytes);
      case UNRECOGNIZED -> throw EtcdError.INVALID_SORT_OPTION.exception();
    };
  }
}
