package io.cadastre.kv.lease;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * A lease at one moment.
 *
 * @param leftSeconds until it expires, if nobody keeps it alive
 */
public record LeaseView(long id, long ttlSeconds, long leftSeconds, List<ByteString> keys) {

  public LeaseView {
    keys = List.copyOf(keys);
  }
}
