package io.cadastre.kv.log;

/**
 * An entry of the log.
 *
 * <p>What {@code kind} means is the caller's; the log keeps negative kinds for itself.
 */
public final class Entry {

  private final long index;
  private final long term;
  private final int kind;
  private final byte[] content;

  /** Makes an entry; the content is not copied and must not change any more. */
  public Entry(long index, long term, int kind, byte[] content) {
    if (kind < 0) {
      throw new IllegalArgumentException("kind: " + kind + " (allowed: 0 and above)");
    }
    this.index = index;
    this.term = term;
    this.kind = kind;
    this.content = content;
  }

  public long index() {
    return index;
  }

  public long term() {
    return term;
  }

  public int kind() {
    return kind;
  }

  public byte[] content() {
    return content;
  }
}
