package io.cadastre.kv.mvcc;

/** One revision for several reads that belong together. */
public record PinnedView(ReadView view, long revision) implements ReadView {

  /** A compaction went past the revision; what was read before is worth nothing. */
  public static final class OvertakenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    OvertakenException(CompactedException cause) {
      super(cause);
    }
  }

  @Override
  public long firstRevision() {
    return view.firstRevision();
  }

  @Override
  public Visited visit(KeyRange range, long requested, Visitor visitor) {
    if (requested > revision) {
      throw new FutureRevisionException(requested, revision);
    }
    try {
      Visited visited = view.visit(range, requested <= 0 ? revision : requested, visitor);
      return new Visited(visited.count(), revision, visited.rest());
    } catch (CompactedException e) {
      if (requested > 0) {
        throw e;
      }
      throw new OvertakenException(e);
    }
  }
}
