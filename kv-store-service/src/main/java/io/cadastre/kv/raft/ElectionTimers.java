package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.core.Scheduler;
import com.alipay.sofa.jraft.util.SPI;
import com.alipay.sofa.jraft.util.timer.DefaultRaftTimerFactory;
import com.alipay.sofa.jraft.util.timer.Timeout;
import com.alipay.sofa.jraft.util.timer.Timer;
import com.alipay.sofa.jraft.util.timer.TimerTask;
import io.cadastre.kv.peer.LeaderContact;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * By which a member finds out that there is no leader, and that nobody was elected; and the clock
 * of its other work. Found by JRaft's service loader.
 */
@SPI(name = "silence", priority = 100)
public final class ElectionTimers extends DefaultRaftTimerFactory {

  private static final String ELECTION = "JRaft-ElectionTimer-";
  private static final boolean SHARED = true;
  private static final Map<String, SilenceTimer> BY_NODE = new ConcurrentHashMap<>();

  @Override
  public Timer getElectionTimer(boolean shared, String name) {
    if (!name.startsWith(ELECTION)) {
      throw new IllegalArgumentException("timer: " + name + " (allowed: " + ELECTION + "…)");
    }
    String node = name.substring(ELECTION.length());
    LeaderContact leader = LeaderContact.of(node);
    SilenceTimer timer =
        new SilenceTimer(
            super.getElectionTimer(SHARED, name), leader::heardAtNanos, System::nanoTime);
    BY_NODE.put(node, timer);
    return timer;
  }

  /** The election timer of a node, by what JRaft calls it. */
  static SilenceTimer of(String node) {
    return Optional.ofNullable(BY_NODE.get(node)).orElseThrow();
  }

  static void forget(String node) {
    SilenceTimer _ = BY_NODE.remove(node);
    LeaderContact.forget(node);
  }

  /**
   * Who stood and got no majority tries again sooner than JRaft would, as votes come within
   * milliseconds or were given to others; and not at about the same moment as they do.
   */
  @Override
  public Timer getVoteTimer(boolean shared, String name) {
    return new Spread(super.getVoteTimer(SHARED, name));
  }

  /** For heartbeats most of all. A node that was not started by a member has a clock of its own. */
  @Override
  public Scheduler createScheduler(int threads, String name) {
    return GroupThreads.writing()
        .<Scheduler>map(thread -> new NodeTimers(thread, System::nanoTime))
        .orElseGet(() -> super.createScheduler(threads, name));
  }

  private record Spread(Timer clock) implements Timer {

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
      long whole = unit.toNanos(delay);
      long nanos = whole / 4 + ThreadLocalRandom.current().nextLong(1 + whole / 2);
      return clock.newTimeout(task, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Set<Timeout> stop() {
      return clock.stop();
    }
  }
}
