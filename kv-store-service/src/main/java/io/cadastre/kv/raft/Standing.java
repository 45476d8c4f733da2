package io.cadastre.kv.raft;

/**
 * Where a member stands.
 *
 * @param leader 0 = none is known
 * @param leading whether it is this member, and everything of the terms before is applied
 */
public record Standing(long term, long leader, boolean leading) {

  public static final Standing UNKNOWN = new Standing(0, 0, false);

  public boolean hasLeader() {
    return leader != 0;
  }
}
