package io.cadastre.kv.mvcc;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys as they are, or were, for one reader. */
public interface ReadView {

  /** The revision that a read without one sees. */
  long revision();

  /** The oldest that can be read. */
  long firstRevision();

  /**
   * Goes over the keys of a range, in order. Only what the visitor wants to read is fetched.
   *
   * @param revision 0 or less = the newest
   * @throws CompactedException where the revision lies before {@link #firstRevision}; then what the
   *     visitor heard is worth nothing
   * @throws FutureRevisionException where it lies after {@link #revision}
   */
  Visited visit(KeyRange range, long revision, Visitor visitor);

  /** The keys of a range, in order; throws as {@link #visit} does. */
  default Found range(KeyRange range, Selection selection) {
    List<KeyValue> kvs = new ArrayList<>();
    long most = selection.limit() <= 0 ? Long.MAX_VALUE : selection.limit();
    Visited visited =
        visit(
            range,
            selection.revision(),
            new Visitor() {
              @Override
              public Next next() {
                return selection.countOnly() || kvs.size() >= most ? Next.COUNT : Next.READ;
              }

              @Override
              public void read(KeyValue kv) {
                kvs.add(kv);
              }
            });
    return new Found(kvs, visited.count(), visited.revision());
  }

  /** Goes over keys. */
  interface Visitor {

    /** What to do with the key that comes next. */
    Next next();

    /** Hears of a key that it wanted to read. */
    void read(KeyValue kv);
  }

  /** What to do with a key. */
  enum Next {
    READ,
    COUNT,
    /** Neither with this one nor with those after it. */
    END
  }

  /**
   * How far a visitor came.
   *
   * @param count keys read or counted
   * @param revision of the store when it was read
   * @param rest the first key of which it wanted nothing; null = there was none
   */
  record Visited(long count, long revision, @Nullable ByteString rest) {}

  /**
   * Which of a range's keys are wanted, and of when.
   *
   * @param revision 0 or less = the newest
   * @param limit most keys to return; 0 = all
   * @param countOnly true = none of them, only how many there are
   */
  record Selection(long revision, long limit, boolean countOnly) {

    public static final Selection NEWEST = new Selection(0, 0, false);
  }

  /**
   * What a range held.
   *
   * @param count keys in the range, whatever the limit
   * @param revision of the store when it was read
   */
  record Found(List<KeyValue> kvs, long count, long revision) {}
}
