package io.cadastre.kv.lease;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Where a leader writes what becomes of leases. */
public interface LeaseLog {

  /** Revokes leases; those that are gone already are passed over. */
  CompletableFuture<?> revoke(List<Long> ids);

  /** Writes down how many seconds are left of each. */
  CompletableFuture<?> checkpoint(Map<Long, Long> leftSeconds);
}
