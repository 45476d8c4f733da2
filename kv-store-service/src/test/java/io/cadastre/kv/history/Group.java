package io.cadastre.kv.history;

import java.util.List;

/**
 * Keys that begin alike. Clients ask for no other keys that begin so: whatever else a range of the
 * prefix holds was never written.
 *
 * @param keys in order
 */
record Group(String prefix, List<String> keys) {

  Group {
    keys = keys.stream().sorted().toList();
    if (!keys.stream().allMatch(key -> key.startsWith(prefix))) {
      throw new IllegalArgumentException("keys: " + keys + " (allowed: such as " + prefix + "…)");
    }
  }

  /** Keys of these names. */
  static Group of(String prefix, String... names) {
    return new Group(prefix, List.of(names).stream().map(name -> prefix + name).toList());
  }

  @Override
  public String toString() {
    return prefix + "*";
  }
}
