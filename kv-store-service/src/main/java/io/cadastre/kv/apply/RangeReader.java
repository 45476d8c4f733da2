package io.cadastre.kv.apply;

import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.mvcc.CompactedException;
import io.cadastre.kv.mvcc.FutureRevisionException;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.ReadView;
import io.cadastre.kv.mvcc.ReadView.Visited;
import io.cadastre.kv.request.EtcdError;
import java.util.List;

/** Answers range requests from a view of the store. */
public final class RangeReader {

  private RangeReader() {}

  /** The header carries the revision alone; who answers fills in the rest. */
  public static RangeResponse read(ReadView view, RangeRequest request) {
    return read(view, request, Meter.NONE);
  }

  /**
   * The same for an answer that may grow large.
   *
   * @param meter may refuse
   */
  public static RangeResponse read(ReadView view, RangeRequest request, Meter meter) {
    KeyRange range = KeyRange.of(request.getKey(), request.getRangeEnd());
    while (true) {
      RangePick pick = new RangePick(request, meter);
      try {
        Visited visited = view.visit(range, request.getRevision(), pick);
        return response(request, visited, pick.kvs());
      } catch (CompactedException _) {
        pick.giveUp();
        // What is newest cannot be compacted: a compaction overtook the reading.
        if (request.getRevision() > 0) {
          throw EtcdError.COMPACTED.exception();
        }
      } catch (FutureRevisionException _) {
        throw EtcdError.FUTURE_REVISION.exception();
      }
    }
  }

  private static RangeResponse response(
      RangeRequest request, Visited visited, List<KeyValue> found) {
    boolean more = request.getLimit() > 0 && found.size() > request.getLimit();
    return RangeResponse.newBuilder()
        .setHeader(ResponseHeader.newBuilder().setRevision(visited.revision()))
        .setCount(visited.count())
        .setMore(more)
        .addAllKvs(more ? found.subList(0, (int) request.getLimit()) : found)
        .build();
  }
}
