package io.cadastre.kv.options;

import java.util.List;
import java.util.Locale;

/**
 * An option that is known.
 *
 * @param standsAlone whether it needs no value, as Go's switches
 * @param usual its default; with {@link Fate#REFUSED} the values that ask for nothing
 */
record Flag(String name, Fate fate, boolean standsAlone, String usual, String text) {

  /** What becomes of it. */
  enum Fate {
    USED,
    /** Nothing depends on it here. */
    IGNORED,
    /** Who gave it relies on what would not happen. */
    REFUSED
  }

  /** As it is called in the environment. */
  String variable() {
    return "ETCD_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Whether a value asks for something that is not there. */
  boolean refuses(String value) {
    return fate == Fate.REFUSED
        && !value.isEmpty()
        && !List.of(usual.split(", ")).containsAll(List.of(value.split(",")));
  }
}
