package io.cadastre.kv.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts and deletes that become visible together, the later of two to one key winning. Not
 * thread-safe.
 */
public final class Changes {

  private final List<Bucket> buckets = new ArrayList<>();
  private final List<byte[]> keys = new ArrayList<>();
  private final List<byte @Nullable []> values = new ArrayList<>();

  /** Adds a put. The arrays must not change afterwards. */
  public Changes put(Bucket bucket, byte[] key, byte[] value) {
    buckets.add(bucket);
    keys.add(key);
    values.add(value);
    return this;
  }

  /** Adds a delete; of a key that is not there it does nothing. */
  public Changes delete(Bucket bucket, byte[] key) {
    buckets.add(bucket);
    keys.add(key);
    values.add(null);
    return this;
  }

  /** Adds all of another, in its order. */
  public Changes addAll(Changes other) {
    buckets.addAll(other.buckets);
    keys.addAll(other.keys);
    values.addAll(other.values);
    return this;
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  public int size() {
    return keys.size();
  }

  <E extends Exception> void applyTo(Target<E> target) throws E {
    for (int i = 0; i < keys.size(); i++) {
      byte @Nullable [] value = values.get(i);
      if (value == null) {
        target.delete(buckets.get(i), keys.get(i));
      } else {
        target.put(buckets.get(i), keys.get(i), value);
      }
    }
  }

  /** Where an engine takes them. */
  interface Target<E extends Exception> {
    void put(Bucket bucket, byte[] key, byte[] value) throws E;

    void delete(Bucket bucket, byte[] key) throws E;
  }
}
