package io.cadastre.kv.peer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When a member heard a leader last, and whether its connection ended. JRaft knows it, too, but
 * tells nobody; its timers are made where nothing but the name of the node is known.
 */
public final class LeaderContact {

  private static final Map<String, LeaderContact> BY_NODE = new ConcurrentHashMap<>();

  private volatile long heardAtNanos = System.nanoTime();
  private volatile @Nullable Consumer<String> whenLost;

  private LeaderContact() {}

  /**
   * That of a node.
   *
   * @param node what JRaft calls it, its group included
   */
  public static LeaderContact of(String node) {
    LeaderContact known = BY_NODE.get(node);
    return known != null ? known : BY_NODE.computeIfAbsent(node, _ -> new LeaderContact());
  }

  /** A node has ended. */
  public static void forget(String node) {
    LeaderContact _ = BY_NODE.remove(node);
  }

  void heard() {
    heardAtNanos = System.nanoTime();
  }

  void lost(String leader) {
    Consumer<String> listener = whenLost;
    if (listener != null) {
      listener.accept(leader);
    }
  }

  /**
   * Hears that the connection over which a member sent entries has ended; of which member, as JRaft
   * calls it.
   */
  public void whenLost(Consumer<String> listener) {
    whenLost = listener;
  }

  /** By {@link System#nanoTime()}; where none was heard yet, when this began. */
  public long heardAtNanos() {
    return heardAtNanos;
  }
}
