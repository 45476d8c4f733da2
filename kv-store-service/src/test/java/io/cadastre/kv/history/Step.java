package io.cadastre.kv.history;

/** A part of a request, about one key. */
sealed interface Step {

  String key();

  /** Tells the value. */
  record Read(String key) implements Step {}

  /**
   * Stores a value.
   *
   * @param tellsPrevious whether the answer holds what was there before
   */
  record Write(String key, String value, boolean tellsPrevious) implements Step {}

  /** Deletes and tells what was there before. */
  record Delete(String key) implements Step {}
}
