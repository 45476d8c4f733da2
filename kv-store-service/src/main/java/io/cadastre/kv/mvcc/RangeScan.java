package io.cadastre.kv.mvcc;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.mvcc.ReadView.Next;
import io.cadastre.kv.mvcc.ReadView.Visited;
import io.cadastre.kv.mvcc.ReadView.Visitor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One walk over the index that fetches what is wanted of a range. */
final class RangeScan {

  private final Function<Revision, KeyValue> values;
  private final long revision;
  private final Visitor visitor;
  private long count;
  private @Nullable ByteString rest;

  /**
   * Makes one.
   *
   * @param revision that the caller has checked
   */
  RangeScan(Function<Revision, KeyValue> values, long revision, Visitor visitor) {
    this.values = values;
    this.revision = revision;
    this.visitor = visitor;
  }

  Visited over(KeyIndex index, KeyRange range, long storeRevision) {
    index.visit(range, this::look);
    return new Visited(count, storeRevision, rest);
  }

  private boolean look(byte[] key, KeyHistory history) {
    Revision found = history.at(revision);
    if (found == null) {
      return true;
    }
    Next next = visitor.next();
    if (next == Next.END) {
      rest = ByteString.copyFrom(key);
      return false;
    }
    count++;
    if (next == Next.READ) {
      visitor.read(values.apply(found));
    }
    return true;
  }
}
