package io.cadastre.gateway.problem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers everything wrong with a request, so that one answer names it all. */
public final class Violations {

  private final List<Violation> found = new ArrayList<>();

  public void add(String field, @Nullable Object value, String allowed) {
    found.add(new Violation(field, value, allowed));
  }

  /** Adds one unless {@code right}. */
  public void check(boolean right, String field, @Nullable Object value, String allowed) {
    if (!right) {
      add(field, value, allowed);
    }
  }

  /**
   * Ends the request where there is any.
   *
   * @throws ProblemException with status 400
   */
  public void refuseIfAny() {
    if (!found.isEmpty()) {
      throw ProblemException.invalid(found);
    }
  }
}
