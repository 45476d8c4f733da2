package io.cadastre.kv.mvcc;

/** The revision asked for is compacted away. */
public final class CompactedException extends RuntimeException {

  private final long compactRevision;

  CompactedException(long revision, long compactRevision) {
    super("revision: " + revision + " (allowed: from " + compactRevision + ")", null, false, false);
    this.compactRevision = compactRevision;
  }

  /** The oldest revision that can be read. */
  public long compactRevision() {
    return compactRevision;
  }
}
