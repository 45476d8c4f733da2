package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.AlarmMember;
import io.cadastre.contracts.kv.AlarmRequest;
import io.cadastre.contracts.kv.AlarmRequest.AlarmAction;
import io.cadastre.contracts.kv.AlarmType;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.peer.HashHistoryResponse;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.corruption.HashVote;
import io.cadastre.kv.engine.EngineException;
import io.cadastre.kv.log.LogDamagedException;
import io.cadastre.kv.mvcc.CompactedException;
import io.cadastre.kv.mvcc.HistoryHash;
import io.cadastre.kv.state.StateMachine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * While this member leads, compares what all have, every now and then and soon after a compaction,
 * and raises the alarm for who is odd: twice in a row, since the alarm stops every write.
 */
final class CorruptionCheck {

  private static final Logger LOG = System.getLogger(CorruptionCheck.class.getName());

  private final Answers answers;
  private final OwnData own;
  private final PeerCalls peers;
  private final Duration interval;
  private final CheckTimes times;
  private final AtomicBoolean busy = new AtomicBoolean();
  private Set<Long> suspects = Set.of();
  private long comparedCompaction;

  /**
   * Makes it.
   *
   * @param interval zero = never
   */
  CorruptionCheck(Answers answers, OwnData own, PeerCalls peers, Duration interval) {
    this.answers = answers;
    this.own = own;
    this.peers = peers;
    this.interval = interval;
    times = new CheckTimes(interval, System.nanoTime());
  }

  /** Looks whether it is time. Called every now and then, by one thread. */
  void tick() {
    if (interval.isZero() || !answers.self().standing().get().leading() || busy.get()) {
      return;
    }
    boolean compacted = answers.state().store().firstRevision() != comparedCompaction;
    if (compacted || !suspects.isEmpty() || times.isDue(System.nanoTime())) {
      busy.set(true);
      answers.threads().working().execute(this::check);
    }
  }

  private void check() {
    long took = 0;
    try {
      took = compare();
    } catch (CompactedException _) {
      // Compacted meanwhile: the next time.
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "could not compare what the members have", e);
    } finally {
      times.done(System.nanoTime(), took);
      busy.set(false);
    }
  }

  /** Says how long it took to read what is here; others may be paused. */
  private long compare() {
    StateMachine state = answers.state();
    long revision = state.store().revision();
    comparedCompaction = state.store().firstRevision();
    Map<Long, CompletableFuture<HashHistoryResponse>> asked = new HashMap<>();
    long self = answers.self().memberId();
    for (Member member : state.members().all()) {
      if (member.getID() != self) {
        asked.put(member.getID(), peers.hash(member.getID(), revision));
      }
    }
    Map<Long, HistoryHash> hashes = new HashMap<>();
    Set<Long> odd = new HashSet<>();
    long began = System.nanoTime();
    try {
      hashes.put(self, own.hash(revision));
    } catch (EngineException | LogDamagedException e) {
      LOG.log(Level.ERROR, "cannot read what this member has", e);
      odd.add(self);
    }
    long took = System.nanoTime() - began;
    asked.forEach((member, answer) -> {
      try {
        HashHistoryResponse told = answer.join();
        if (told.getUnreadable()) {
          odd.add(member);
        } else {
          hashes.put(
              member,
              new HistoryHash(told.getHash(), told.getCompactRevision(), told.getRevision()));
        }
      } catch (CompletionException _) {
        // Who does not answer, or is not as far, is asked the next time.
      }
    });
    odd.addAll(HashVote.odd(asked.size() + 1, hashes));
    odd.stream().filter(suspects::contains).forEach(member -> raise(member, hashes));
    suspects = Set.copyOf(odd);
    return took;
  }

  private void raise(long member, Map<Long, HistoryHash> hashes) {
    AlarmMember alarm =
        AlarmMember.newBuilder().setMemberID(member).setAlarm(AlarmType.CORRUPT).build();
    if (answers.state().alarms().active().contains(alarm)) {
      return;
    }
    LOG.log(
        Level.ERROR,
        "member {0} has other data, or cannot read them: {1}",
        Long.toHexString(member),
        hashes);
    AlarmRequest request =
        AlarmRequest.newBuilder()
            .setAction(AlarmAction.ACTIVATE)
            .setMemberID(member)
            .setAlarm(AlarmType.CORRUPT)
            .build();
    CompletableFuture<?> _ = answers.propose(Caller.SERVER, command -> command.setAlarm(request));
  }
}
