package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.AlarmMember;
import io.cadastre.contracts.kv.AlarmRequest;
import io.cadastre.contracts.kv.AlarmRequest.AlarmAction;
import io.cadastre.contracts.kv.AlarmType;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.log.FullDisk;
import io.cadastre.kv.state.StateMachine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Raises the alarm for want of space while this member's disk is nearly full, so that what is
 * stored already can still be written out, and takes it back when there is room again.
 *
 * <p>Only an alarm that was raised here, since the start, is taken back: one of the quota, and one
 * that outlived a restart, wait for somebody to do that, as with etcd.
 */
final class DiskRoom {

  private static final Logger LOG = System.getLogger(DiskRoom.class.getName());

  /** Two write buffers of the store. */
  static final long LEAST_BYTES = 32 << 20;

  private static final long ENOUGH_BYTES = 2 * LEAST_BYTES;

  private final Answers answers;
  private final long quotaBytes;
  private final Path directory;
  private final BooleanSupplier writable;
  private final Reserve reserve;
  private boolean raised;
  private volatile boolean asking;

  /**
   * Makes it.
   *
   * @param writable whether nothing waits for room on the disk
   */
  DiskRoom(Answers answers, long quotaBytes, Path directory, BooleanSupplier writable) {
    this.answers = answers;
    this.quotaBytes = quotaBytes;
    this.directory = directory;
    this.writable = writable;
    reserve = new Reserve(directory);
  }

  /** Looks how much room there is. Called every now and then, by one thread at a time. */
  void tick() {
    if (asking) {
      return;
    }
    long usable = FullDisk.usableBytes(directory);
    boolean waits = !writable.getAsBoolean();
    if (usable >= ENOUGH_BYTES) {
      reserve.fill();
    }
    StateMachine state = answers.state();
    boolean on = state.alarms().active().contains(alarm());
    if ((waits || usable < LEAST_BYTES) && !on) {
      LOG.log(Level.ERROR, "{0} has {1,number,#} bytes left: puts are refused", directory, usable);
      raised = true;
      ask(AlarmAction.ACTIVATE);
    } else if (on && raised && !waits && usable >= ENOUGH_BYTES) {
      if (state.engine().sizeBytes() < quotaBytes) {
        LOG.log(Level.INFO, "{0} has {1,number,#} bytes left again", directory, usable);
        ask(AlarmAction.DEACTIVATE);
      }
    }
  }

  private AlarmMember alarm() {
    return AlarmMember.newBuilder()
        .setMemberID(answers.self().memberId())
        .setAlarm(AlarmType.NOSPACE)
        .build();
  }

  private void ask(AlarmAction action) {
    AlarmRequest request =
        AlarmRequest.newBuilder()
            .setAction(action)
            .setMemberID(answers.self().memberId())
            .setAlarm(AlarmType.NOSPACE)
            .build();
    asking = true;
    CompletableFuture<?> _ =
        answers
            .propose(Caller.SERVER, command -> command.setAlarm(request))
            .whenComplete((_, _) -> asking = false);
  }
}
