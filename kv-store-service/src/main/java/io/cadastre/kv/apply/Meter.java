package io.cadastre.kv.apply;

/** Hears what an answer takes while it is made. It may refuse to go on by throwing. */
@FunctionalInterface
public interface Meter {

  /** For answers that need no bounds. */
  Meter NONE = _ -> {};

  /** So many more bytes are kept for the answer, less than none where some are given up again. */
  void bytes(long more);

  /** One more key is looked at; that alone takes time, but no memory. */
  default void key() {}
}
