package io.cadastre.kv.history;

import java.util.List;

/** A part of a request. */
sealed interface Step {

  /** All keys that it may see or change. */
  List<String> keys();

  /** Tells the value. */
  record Read(String key) implements Step {

    @Override
    public List<String> keys() {
      return List.of(key);
    }
  }

  /** Tells the values of all keys of a group, as a range. */
  record ReadAll(Group group) implements Step {

    @Override
    public List<String> keys() {
      return group.keys();
    }
  }

  /**
   * Stores a value.
   *
   * @param tellsPrevious whether the answer holds what was there before
   */
  record Write(String key, String value, boolean tellsPrevious) implements Step {

    @Override
    public List<String> keys() {
      return List.of(key);
    }
  }

  /** Deletes and tells what was there before. */
  record Delete(String key) implements Step {

    @Override
    public List<String> keys() {
      return List.of(key);
    }
  }

  /** Deletes all keys of a group, as a range, and tells what was there before. */
  record DeleteAll(Group group) implements Step {

    @Override
    public List<String> keys() {
      return group.keys();
    }
  }
}
