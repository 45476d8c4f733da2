package io.cadastre.gateway.access;

import java.util.List;

/**
 * Paths outside the API that anyone may ask for, by what serves them; what none of them names is
 * closed.
 *
 * @param patterns as Spring's {@code PathPattern} writes them, for example {@code /console/**}
 */
public record OpenPaths(List<String> patterns) {

  public OpenPaths {
    patterns = List.copyOf(patterns);
  }
}
