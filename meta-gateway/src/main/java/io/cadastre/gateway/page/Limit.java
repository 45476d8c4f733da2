package io.cadastre.gateway.page;

import io.cadastre.gateway.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** How long a page may be. */
public final class Limit {

  private static final int DEFAULT = 50;
  private static final int MAX = 500;

  private Limit() {}

  /**
   * What {@code ?limit=} says.
   *
   * @throws ProblemException with status 400
   */
  public static int of(@Nullable Integer limit) {
    if (limit == null) {
      return DEFAULT;
    }
    if (limit < 1 || limit > MAX) {
      throw ProblemException.invalid("limit", limit, "1 to " + MAX);
    }
    return limit;
  }
}
