package io.cadastre.messaging.receive;

import java.util.ArrayDeque;
import java.util.Deque;

/** The records of one key of one partition, in order; only the first is ever worked on. */
final class Lane<P, R> {

  private final LaneKey<P> key;
  private final Deque<Work<P, R>> queue = new ArrayDeque<>();

  Lane(LaneKey<P> key) {
    this.key = key;
  }

  LaneKey<P> key() {
    return key;
  }

  Deque<Work<P, R>> queue() {
    return queue;
  }

  /** Key of a record, within its partition. */
  record LaneKey<P>(P partition, Object key) {}
}
