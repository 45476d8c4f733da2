package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import io.cadastre.kv.request.EtcdError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the leader how far the log is, for everybody who wants to read what is current. Those who
 * come while one question is under way share the next: an answer counts only for who waited before
 * it was asked.
 */
final class ReadIndexes {

  private static final byte[] NOTHING = {};
  private static final long RETRY_MILLIS = 20;

  /** A question this old may have been lost; the next does not wait for it. */
  private static final long SLOW_NANOS = Duration.ofMillis(500).toNanos();

  private static final long LOST_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long NO_TIMEOUT = -1;

  private final Node node;
  private final BooleanSupplier leaderKnown;
  private final Turns turns;
  private final ScheduledExecutorService clock;
  private final long patienceNanos;
  private final Object lock = new Object();

  private List<Reader> next = new ArrayList<>();
  private final Map<Long, Question> open = new HashMap<>();
  private long newest;

  private record Reader(
      CompletableFuture<Void> ready, long deadlineNanos, @Nullable Executor turn) {}

  private record Question(long number, long askedAtNanos, List<Reader> readers) {}

  /**
   * Makes it.
   *
   * @param turns the threads on which clients' calls come in; they read on them, too
   */
  ReadIndexes(
      Node node,
      BooleanSupplier leaderKnown,
      Turns turns,
      ScheduledExecutorService clock,
      Duration patience) {
    this.node = node;
    this.leaderKnown = leaderKnown;
    this.turns = turns;
    this.clock = clock;
    this.patienceNanos = patience.toNanos();
  }

  CompletableFuture<Void> caughtUp() {
    long now = System.nanoTime();
    Reader reader = new Reader(new CompletableFuture<>(), now + patienceNanos, turns.current());
    synchronized (lock) {
      next.add(reader);
      Question asked = open.get(newest);
      if (asked != null && now - asked.askedAtNanos < SLOW_NANOS) {
        return reader.ready;
      }
    }
    ask();
    return reader.ready;
  }

  private void ask() {
    Question question;
    synchronized (lock) {
      if (next.isEmpty()) {
        return;
      }
      question = new Question(++newest, System.nanoTime(), next);
      next = new ArrayList<>();
      open.put(question.number, question);
    }
    // Before it knows, a leader of one could answer with an index from before its log was read.
    if (leaderKnown.getAsBoolean()) {
      node.readIndex(NOTHING, new Answer(question));
    } else {
      later(question);
    }
  }

  private final class Answer extends ReadIndexClosure {

    private final Question question;

    Answer(Question question) {
      // Its own timer ticks a thousand times a second.
      super(NO_TIMEOUT);
      this.question = question;
    }

    @Override
    public void run(Status status, long index, byte @Nullable [] context) {
      if (!status.isOk()) {
        later(question);
      } else if (close(question)) {
        ask();
        Replies replies = new Replies();
        question.readers.forEach(
            reader -> replies.add(reader.turn, () -> reader.ready.complete(null)));
        replies.send();
      }
    }
  }

  private boolean close(Question question) {
    synchronized (lock) {
      return open.remove(question.number) != null;
    }
  }

  /** Without a leader, or while it changes. */
  private void later(Question question) {
    if (clock.isShutdown()) {
      return;
    }
    ScheduledFuture<?> _ =
        clock.schedule(() -> again(question), RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Those who can still wait ask again, with those who came since. */
  private void again(Question question) {
    if (!close(question)) {
      return;
    }
    long now = System.nanoTime();
    for (Reader reader : question.readers) {
      if (reader.deadlineNanos - now < 0) {
        boolean _ = reader.ready.completeExceptionally(EtcdError.TIMEOUT.exception());
      } else {
        synchronized (lock) {
          next.add(reader);
        }
      }
    }
    ask();
  }

  /** Asks again what was not answered for long. Called every now and then. */
  void tick(long nowNanos) {
    List<Question> lost;
    synchronized (lock) {
      lost =
          open.values().stream()
              .filter(question -> nowNanos - question.askedAtNanos > LOST_NANOS)
              .toList();
    }
    lost.forEach(this::again);
  }

  /** Nobody will be answered any more. */
  void fail(EtcdError error) {
    List<Reader> left;
    synchronized (lock) {
      left = next;
      open.values().forEach(question -> left.addAll(question.readers));
      open.clear();
      next = new ArrayList<>();
    }
    left.forEach(reader -> reader.ready.completeExceptionally(error.exception()));
  }
}
