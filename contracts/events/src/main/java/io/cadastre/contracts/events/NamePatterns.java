package io.cadastre.contracts.events;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Which database names an instance's owner wants registered. In a pattern {@code *} stands for any
 * run of characters and {@code ?} for one; every other character, the underscore too, stands for
 * itself. Upper and lower case differ.
 *
 * @param include a name must match one of these; empty = every name does
 * @param exclude a name that matches one of these is left out, whatever {@code include} says
 */
public record NamePatterns(List<String> include, List<String> exclude) {

  /** Leaves nothing out. */
  public static final NamePatterns ALL = new NamePatterns(List.of(), List.of());

  public NamePatterns {
    include = List.copyOf(requireNonNull(include, "include is missing"));
    exclude = List.copyOf(requireNonNull(exclude, "exclude is missing"));
  }

  /** Whether the database of this name is wanted. */
  public boolean admits(String name) {
    return (include.isEmpty() || include.stream().anyMatch(pattern -> matches(pattern, name)))
        && exclude.stream().noneMatch(pattern -> matches(pattern, name));
  }

  /**
   * Greedy matching with one point of return: linear for real names, no regular expression to blow
   * up.
   */
  static boolean matches(String pattern, String name) {
    int[] p = pattern.codePoints().toArray();
    int[] n = name.codePoints().toArray();
    int pi = 0;
    int ni = 0;
    int star = -1;
    int retryFrom = 0;
    while (ni < n.length) {
      if (pi < p.length && p[pi] == '*') {
        star = pi++;
        retryFrom = ni;
      } else if (pi < p.length && (p[pi] == '?' || p[pi] == n[ni])) {
        pi++;
        ni++;
      } else if (star >= 0) {
        pi = star + 1;
        ni = ++retryFrom;
      } else {
        return false;
      }
    }
    while (pi < p.length && p[pi] == '*') {
      pi++;
    }
    return pi == p.length;
  }
}
