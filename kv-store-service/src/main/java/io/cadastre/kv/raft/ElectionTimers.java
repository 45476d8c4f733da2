package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.util.SPI;
import com.alipay.sofa.jraft.util.timer.DefaultRaftTimerFactory;
import com.alipay.sofa.jraft.util.timer.Timeout;
import com.alipay.sofa.jraft.util.timer.Timer;
import com.alipay.sofa.jraft.util.timer.TimerTask;
import io.cadastre.kv.peer.LeaderContact;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * By which a member finds out that there is no leader, and that nobody was elected. Found by
 * JRaft's service loader.
 */
@SPI(name = "silence", priority = 100)
public final class ElectionTimers extends DefaultRaftTimerFactory {

  private static final String ELECTION = "JRaft-ElectionTimer-";
  private static final boolean SHARED = true;

  @Override
  public Timer getElectionTimer(boolean shared, String name) {
    if (!name.startsWith(ELECTION)) {
      throw new IllegalArgumentException("timer: " + name + " (allowed: " + ELECTION + "…)");
    }
    LeaderContact leader = LeaderContact.of(name.substring(ELECTION.length()));
    return new SilenceTimer(
        super.getElectionTimer(SHARED, name), leader::heardAtNanos, System::nanoTime);
  }

  /**
   * Who stood and got no majority tries again after half the time that JRaft gives it: votes come
   * within milliseconds, or were given to others.
   */
  @Override
  public Timer getVoteTimer(boolean shared, String name) {
    return new Halved(super.getVoteTimer(SHARED, name));
  }

  private record Halved(Timer clock) implements Timer {

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
      return clock.newTimeout(task, unit.toNanos(delay) / 2, TimeUnit.NANOSECONDS);
    }

    @Override
    public Set<Timeout> stop() {
      return clock.stop();
    }
  }
}
