package io.cadastre.kv.apply;

import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.mvcc.CompactedException;
import io.cadastre.kv.mvcc.FutureRevisionException;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.ReadView;
import io.cadastre.kv.mvcc.ReadView.Next;
import io.cadastre.kv.mvcc.ReadView.Visited;
import io.cadastre.kv.mvcc.ReadView.Visitor;
import io.cadastre.kv.request.EtcdError;
import org.jspecify.annotations.Nullable;

/**
 * Answers one range request piece by piece. All pieces show the keys at one revision, and put
 * together they are what the request would be answered at once; what concerns the whole is in the
 * last. Between two pieces nothing is held but the place.
 */
public final class RangeChunks {

  private static final int CHUNK_BYTES = 256 << 10;

  private final RangeRequest request;
  private @Nullable KeyRange left;

  /** 0 = the newest, which the first piece settles. */
  private long pinned;

  private long storeRevision;
  private long count;
  private long sent;

  public RangeChunks(RangeRequest request) {
    this.request = request;
    left = KeyRange.of(request.getKey(), request.getRangeEnd());
    pinned = Math.max(0, request.getRevision());
  }

  /** Whether there is another piece; there is at least one. */
  public boolean hasNext() {
    return left != null;
  }

  /** The next piece. The header of the last carries the revision alone. */
  public RangeResponse next(ReadView view) {
    KeyRange range = left;
    if (range == null) {
      throw new IllegalStateException("there is no other piece");
    }
    Chunk chunk = new Chunk();
    Visited visited = visit(view, range, chunk);
    if (storeRevision == 0) {
      storeRevision = visited.revision();
      pinned = pinned == 0 ? storeRevision : pinned;
    }
    count += visited.count();
    sent += chunk.response.getKvsCount();
    if (visited.rest() != null) {
      left = new KeyRange(visited.rest().toByteArray(), range.to(), false);
      return chunk.response.build();
    }
    left = null;
    return chunk
        .response
        .setHeader(ResponseHeader.newBuilder().setRevision(storeRevision))
        .setCount(count)
        .setMore(!request.getCountOnly() && count > sent)
        .build();
  }

  private Visited visit(ReadView view, KeyRange range, Chunk chunk) {
    while (true) {
      try {
        return view.visit(range, pinned, chunk);
      } catch (CompactedException _) {
        // What is newest cannot be compacted: a compaction overtook the reading.
        if (pinned != 0) {
          throw EtcdError.COMPACTED.exception();
        }
        chunk.clear();
      } catch (FutureRevisionException _) {
        throw EtcdError.FUTURE_REVISION.exception();
      }
    }
  }

  private final class Chunk implements Visitor {

    private final RangeResponse.Builder response = RangeResponse.newBuilder();
    private final long wanted;
    private long bytes;

    Chunk() {
      long limit = request.getLimit() <= 0 ? Long.MAX_VALUE : request.getLimit() - sent;
      wanted = request.getCountOnly() ? 0 : limit;
    }

    @Override
    public Next next() {
      if (response.getKvsCount() >= wanted) {
        return Next.COUNT;
      }
      return bytes >= CHUNK_BYTES ? Next.END : Next.READ;
    }

    @Override
    public void read(KeyValue kv) {
      KeyValue shown = request.getKeysOnly() ? RangePick.withoutValue(kv) : kv;
      bytes += shown.getSerializedSize();
      response.addKvs(shown);
    }

    void clear() {
      response.clear();
      bytes = 0;
    }
  }
}
