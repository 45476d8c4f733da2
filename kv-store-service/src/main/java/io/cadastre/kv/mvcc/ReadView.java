package io.cadastre.kv.mvcc;

import io.cadastre.contracts.kv.mvcc.KeyValue;
import java.util.List;

/** The keys as they are, or were, for one reader. */
public interface ReadView {

  /** The revision that a read without one sees. */
  long revision();

  /** The oldest that can be read. */
  long firstRevision();

  /**
   * The keys of a range, in order.
   *
   * @throws CompactedException where the revision lies before {@link #firstRevision}
   * @throws FutureRevisionException where it lies after {@link #revision}
   */
  Found range(KeyRange range, Selection selection);

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
