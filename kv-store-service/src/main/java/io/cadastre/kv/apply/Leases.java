package io.cadastre.kv.apply;

import com.google.protobuf.ByteString;

/** What applying has to know of leases. Called by the thread that applies, and by no other. */
public interface Leases {

  boolean exists(long lease);

  /** A key now hangs on a lease; 0 = on none any more. */
  void attach(ByteString key, long lease);
}
