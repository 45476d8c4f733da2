package io.cadastre.kv.lease;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Where a leader writes what becomes of leases. */
public interface LeaseLog {

  /** In which this member leads; 0 = another one does. */
  long term();

  /**
   * Revokes leases, in that term or never: with the next leader they may have been kept alive.
   * Those that are gone already are passed over.
   */
  CompletableFuture<?> revoke(long term, List<Long> ids);

  /** Writes down how many seconds are left of each, in that term or never. */
  CompletableFuture<?> checkpoint(long term, Map<Long, Long> leftSeconds);
}
