package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Has the state saved now and then, so that the log can be cut. On the clock's thread.
 *
 * <p>That waits while a member is behind what would be cut off: one that takes longer to copy the
 * state than it is until the next is saved would have to copy that, too, and so on for ever. It
 * does not wait any more when the log has grown as large as the state: to copy that again takes no
 * longer than to catch up by the log.
 */
final class Saving {

  private static final Logger LOG = System.getLogger(Saving.class.getName());

  /** So much log is kept for who is behind, however small the state. */
  static final long KEPT_BYTES = 64 << 20;

  private final Node node;
  private final Executor clock;
  private final long every;
  private final BooleanSupplier hasRoom;
  private final Supplier<CompletableFuture<Boolean>> isLogNeeded;
  private final LongSupplier stateBytes;
  private long savedAt;
  private long bytesSavedAt;
  private boolean busy;
  private boolean soon;

  /**
   * Makes it.
   *
   * @param every after how many commands
   * @param hasRoom whether there is room for it on the disk
   * @param isLogNeeded whether some member needs what would be cut off the log
   */
  Saving(
      Node node,
      Executor clock,
      long every,
      BooleanSupplier hasRoom,
      Supplier<CompletableFuture<Boolean>> isLogNeeded,
      LongSupplier stateBytes) {
    this.node = node;
    this.clock = clock;
    this.every = every;
    this.hasRoom = hasRoom;
    this.isLogNeeded = isLogNeeded;
    this.stateBytes = stateBytes;
  }

  /** Does not wait for so many any more, nor is content with a saving that began before. */
  void saveSoon() {
    soon = true;
  }

  /**
   * Saves the state where it is time, there is room, and nobody needs the log. To be called every
   * now and then.
   *
   * @param commands how many this process went through
   * @param bytes of the commands
   */
  void look(long commands, long bytes, long appliedIndex) {
    boolean due = soon || commands - savedAt >= every;
    if (busy || !due || !hasRoom.getAsBoolean()) {
      return;
    }
    busy = true;
    if (bytes - bytesSavedAt >= Math.max(KEPT_BYTES, stateBytes.getAsLong())) {
      begin(commands, bytes, appliedIndex);
      return;
    }
    CompletableFuture<?> _ =
        isLogNeeded
            .get()
            .thenAcceptAsync(
                needed -> {
                  if (needed) {
                    busy = false;
                  } else {
                    begin(commands, bytes, appliedIndex);
                  }
                },
                clock);
  }

  private void begin(long commands, long bytes, long appliedIndex) {
    soon = false;
    node.snapshot(status ->
        clock.execute(() -> {
          busy = false;
          // Where it failed, it is tried again after as many.
          savedAt = commands;
          bytesSavedAt = bytes;
          LOG.log(
              status.isOk() ? Level.INFO : Level.WARNING,
              "saved the state up to entry {0,number,#}: {1}",
              appliedIndex,
              status);
        }));
  }
}
