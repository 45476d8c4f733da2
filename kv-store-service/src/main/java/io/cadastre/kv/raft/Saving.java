package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;

/** Has the state saved now and then, so that the log can be cut. On the clock's thread. */
final class Saving {

  private static final Logger LOG = System.getLogger(Saving.class.getName());

  private final Node node;
  private final Executor clock;
  private final long every;
  private long savedAt;
  private boolean saving;
  private boolean soon;

  /**
   * Makes it.
   *
   * @param every after how many commands
   */
  Saving(Node node, Executor clock, long every) {
    this.node = node;
    this.clock = clock;
    this.every = every;
  }

  /**
   * Whether it is time.
   *
   * @param commands how many this process went through
   */
  boolean isDue(long commands) {
    return !saving && (soon || commands - savedAt >= every);
  }

  /** Does not wait for so many any more, nor is content with a saving that began before. */
  void saveSoon() {
    soon = true;
  }

  void save(long commands, long appliedIndex) {
    saving = true;
    soon = false;
    node.snapshot(status ->
        clock.execute(() -> {
          saving = false;
          // Where it failed, it is tried again after as many.
          savedAt = commands;
          LOG.log(
              status.isOk() ? Level.INFO : Level.WARNING,
              "saved the state up to entry {0,number,#}: {1}",
              appliedIndex,
              status);
        }));
  }
}
