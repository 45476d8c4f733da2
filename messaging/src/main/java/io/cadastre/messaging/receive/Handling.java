package io.cadastre.messaging.receive;

import io.cadastre.messaging.Backoff;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes with threads: every record is handled on a virtual thread of its own. The lock guards
 * the lanes; it is never held while something is handled.
 */
final class Handling {

  private static final Logger log = LoggerFactory.getLogger(Handling.class);

  private final Delivery delivery;
  private final ReceiverTelemetry telemetry;
  private final Consumer<Throwable> onDeath;
  private final CountDownLatch stop;
  private final Backoff backoff = Backoff.standard();
  private final ExecutorService threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private final Lanes<TopicPartition, ConsumerRecord<byte[], byte[]>> lanes;
  private long changes;

  Handling(
      ReceiverSettings settings,
      Delivery delivery,
      ReceiverTelemetry telemetry,
      Consumer<Throwable> onDeath,
      CountDownLatch stop) {
    this.delivery = delivery;
    this.telemetry = telemetry;
    this.onDeath = onDeath;
    this.stop = stop;
    this.lanes = new Lanes<>(settings.concurrency(), settings.lookAhead(), settings.heldBytes());
    this.threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name(settings.group() + "-", 1).factory());
    telemetry.inFlight(this::running);
  }

  void assign(Collection<TopicPartition> partitions) {
    lock.lock();
    try {
      partitions.forEach(lanes::assign);
    } finally {
      lock.unlock();
    }
  }

  void take(ConsumerRecords<byte[], byte[]> records) {
    lock.lock();
    try {
      for (ConsumerRecord<byte[], byte[]> one : records) {
        TopicPartition partition = new TopicPartition(one.topic(), one.partition());
        ByteBuffer key = one.key() == null ? null : ByteBuffer.wrap(one.key());
        lanes.add(partition, one.offset(), key, bytes(one), one);
      }
      launch();
    } finally {
      lock.unlock();
    }
  }

  private static int bytes(ConsumerRecord<byte[], byte[]> one) {
    return Math.max(0, one.serializedKeySize()) + Math.max(0, one.serializedValueSize());
  }

  private void launch() {
    if (stop.getCount() == 0) {
      return;
    }
    for (Work<TopicPartition, ConsumerRecord<byte[], byte[]>> work : lanes.start()) {
      threads.execute(() -> run(work));
    }
  }

  private void run(Work<TopicPartition, ConsumerRecord<byte[], byte[]>> work) {
    try {
      switch (delivery.attempt(work.record())) {
        case Outcome.Done done -> {
          telemetry.received(work.record(), done.name());
          change(() -> lanes.finish(work));
        }
        case Outcome.Abandoned _ -> change(() -> lanes.abandon(work));
        case Outcome.Outage outage -> retry(work, outage);
      }
    } catch (RuntimeException | Error e) {
      // Nobody knows what a bug or a lack of memory left behind.
      onDeath.accept(e);
      change(() -> lanes.abandon(work));
    }
  }

  private void retry(
      Work<TopicPartition, ConsumerRecord<byte[], byte[]>> work, Outcome.Outage outage) {
    telemetry.retried(work.record());
    change(() -> lanes.park(work));
    Duration wait = backoff.after(Math.max(1, work.failures()));
    log.warn(
        "{} waits {} ms: {}",
        Delivery.placeOf(work.record()),
        wait.toMillis(),
        outage.cause().getMessage());
    try {
      Thread.sleep(wait);
      change(() -> lanes.resume(work));
    } catch (InterruptedException e) {
      log.debug("{} is not tried again: closing", Delivery.placeOf(work.record()));
    }
  }

  private void change(Runnable transition) {
    lock.lock();
    try {
      transition.run();
      changes++;
      launch();
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isFull(TopicPartition partition) {
    lock.lock();
    try {
      return lanes.isFull(partition, PollLoop.MAX_POLL_RECORDS);
    } finally {
      lock.unlock();
    }
  }

  /** Returns after anything ended, or {@code limit}. */
  void awaitProgress(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long seen = changes;
      long left = limit.toNanos();
      while (changes == seen && left > 0) {
        left = progress.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  Map<TopicPartition, Long> committable(Collection<TopicPartition> partitions) {
    lock.lock();
    try {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      for (TopicPartition partition : partitions) {
        lanes.committable(partition).ifPresent(offset -> offsets.put(partition, offset));
      }
      return offsets;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives partitions up: what is queued is dropped, what runs is waited for.
   *
   * @return the offsets to commit
   */
  Map<TopicPartition, Long> revoke(Collection<TopicPartition> partitions, Duration limit) {
    Map<TopicPartition, OffsetLedger> ledgers = new HashMap<>();
    Map<TopicPartition, Long> offsets = new HashMap<>();
    lock.lock();
    try {
      partitions.forEach(partition -> ledgers.put(partition, lanes.revoke(partition)));
      long left = limit.toNanos();
      while (left > 0 && ledgers.values().stream().anyMatch(ledger -> ledger.running() > 0)) {
        left = progress.awaitNanos(left);
      }
      ledgers.forEach((partition, ledger) ->
          ledger.committable().ifPresent(offset -> offsets.put(partition, offset)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return offsets;
  }

  int held(TopicPartition partition) {
    lock.lock();
    try {
      return lanes.held(partition);
    } finally {
      lock.unlock();
    }
  }

  private int running() {
    lock.lock();
    try {
      return lanes.running();
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts what still runs. */
  void close() {
    delivery.close();
    threads.shutdownNow();
  }
}
