package io.cadastre.kv.history;

import io.cadastre.contracts.kv.AlarmRequest;
import io.cadastre.contracts.kv.AlarmRequest.AlarmAction;
import io.cadastre.contracts.kv.AlarmType;
import io.cadastre.contracts.kv.DefragmentRequest;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc.MaintenanceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Defragments one member after another, and raises the alarm that space is out now and then. */
final class Upkeep implements Beside {

  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
  private static final long RAISED_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final int DEFRAGMENTS_TO_AN_ALARM = 4;
  private static final long ANY_MEMBER = 1;

  /** From when the alarm was certainly raised until it was perhaps not any more. */
  private record Raised(long from, long to) {}

  private final Members members;
  private final LongSupplier nanos;
  private final List<Raised> alarms = new ArrayList<>();
  private int defragments;

  Upkeep(Members members, LongSupplier nanos) {
    this.members = members;
    this.nanos = nanos;
  }

  @Override
  public void run(BooleanSupplier over) {
    for (int i = 0; !over.getAsBoolean(); i++) {
      List<ManagedChannel> channels = members.channels();
      if (i % DEFRAGMENTS_TO_AN_ALARM == 2) {
        raise();
      } else if (defragment(channels.get(i % channels.size()))) {
        defragments++;
      }
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }

  private static boolean defragment(ManagedChannel channel) {
    try {
      var _ = maintenance(channel).defragment(DefragmentRequest.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException _) {
      return false;
    }
  }

  private void raise() {
    change(AlarmAction.ACTIVATE);
    long from = nanos.getAsLong();
    LockSupport.parkNanos(RAISED_NANOS);
    long to = nanos.getAsLong();
    change(AlarmAction.DEACTIVATE);
    alarms.add(new Raised(from, to));
  }

  private void change(AlarmAction action) {
    AlarmRequest request =
        AlarmRequest.newBuilder()
            .setAction(action)
            .setMemberID(ANY_MEMBER)
            .setAlarm(AlarmType.NOSPACE)
            .build();
    boolean _ =
        members.ask(channel -> {
          var _ = maintenance(channel).alarm(request);
          return true;
        });
  }

  private static MaintenanceBlockingStub maintenance(ManagedChannel channel) {
    return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
  }

  @Override
  public Optional<String> violation(Story story, List<Operation> history) {
    return history.stream()
        .filter(each -> each.answer() != null)
        .filter(each -> each.request().then().stream().anyMatch(Step.Write.class::isInstance))
        .filter(each ->
            alarms.stream()
                .anyMatch(alarm -> each.invoked() > alarm.from && each.returned() < alarm.to))
        .findFirst()
        .map(each -> "taken while there was an alarm that space is out:\n" + each);
  }

  @Override
  public String summary() {
    return defragments + " times defragmented, " + alarms.size() + " alarms";
  }
}
