package io.cadastre.messaging.receive;

import static io.cadastre.messaging.receive.Kafka.command;
import static io.cadastre.messaging.receive.Kafka.instanceOf;
import static io.cadastre.messaging.receive.Kafka.numberOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Topic;
import io.cadastre.messaging.MessagingHealth;
import io.cadastre.messaging.OutageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageReceiverTest {

  private final Kafka kafka = new Kafka();
  private final Map<Long, Queue<Long>> handled = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    kafka.close();
  }

  private void note(long instance, long number) {
    handled.computeIfAbsent(instance, _ -> new ConcurrentLinkedQueue<>()).add(number);
  }

  private List<Long> handled(long instance) {
    return List.copyOf(handled.getOrDefault(instance, new ConcurrentLinkedQueue<>()));
  }

  @Test
  void differentKeysAreHandledSideBySide() {
    long a = kafka.instance();
    long b = kafka.instance();
    CyclicBarrier together = new CyclicBarrier(2);
    kafka.receive(
        2,
        envelope -> {
          together.await(20, TimeUnit.SECONDS);
          note(instanceOf(envelope), 1);
        });
    kafka.send(command(a, 1));
    kafka.send(command(b, 1));
    await().until(() -> handled.size() == 2);
  }

  @Test
  void sameKeyIsHandledInOrderOneAfterAnother() {
    List<Long> instances = LongStream.range(0, 10).map(_ -> kafka.instance()).boxed().toList();
    Map<Long, AtomicInteger> running = new ConcurrentHashMap<>();
    AtomicInteger overlaps = new AtomicInteger();
    kafka.receive(
        8,
        envelope -> {
          long instance = instanceOf(envelope);
          AtomicInteger here = running.computeIfAbsent(instance, _ -> new AtomicInteger());
          if (here.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
          }
          Thread.sleep(numberOf(envelope) % 3);
          note(instance, numberOf(envelope));
          here.decrementAndGet();
        });
    for (long number = 0; number < 20; number++) {
      for (long instance : instances) {
        kafka.sendSoon(command(instance, number));
      }
    }
    List<Long> inOrder = LongStream.range(0, 20).boxed().toList();
    await()
        .untilAsserted(
            () -> assertThat(instances).allSatisfy(i -> assertThat(handled(i)).isEqualTo(inOrder)));
    assertThat(overlaps).hasValue(0);
  }

  @Test
  void hangingHandlerDelaysNobodyLosesNoPartitionAndBoundsWhatComesAgain() throws Exception {
    long hanging = kafka.instance();
    long other = kafka.instance();
    CountDownLatch hang = new CountDownLatch(1);
    ReceiverSettings standard = kafka.receiverSettings(4);
    ReceiverSettings shortSighted =
        new ReceiverSettings(
            standard.group(),
            standard.topics(),
            standard.concurrency(),
            PollLoop.MAX_POLL_RECORDS,
            standard.heldBytes(),
            standard.revokeWait(),
            standard.closeWait());
    MessageReceiver receiver =
        kafka.receive(
            shortSighted,
            Map.of("max.poll.interval.ms", "2000", "session.timeout.ms", "6000"),
            envelope -> {
              if (instanceOf(envelope) == hanging && numberOf(envelope) == 0) {
                hang.await();
              }
              note(instanceOf(envelope), numberOf(envelope));
            });
    int samePartition = 300;
    for (long number = 0; number < samePartition; number++) {
      kafka.sendSoon(command(hanging, number));
      kafka.sendSoon(command(other, number));
    }
    if (partitionOf(hanging) != partitionOf(other)) {
      await().until(() -> handled(other).size() == samePartition);
    }
    // Longer than Kafka lets a member go without polling.
    await()
        .pollDelay(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(10))
        .until(() -> receiver.health() instanceof MessagingHealth.Up);
    hang.countDown();
    await().until(() -> handled(hanging).size() == samePartition);
    assertThat(handled(hanging)).doesNotHaveDuplicates();
    await().until(() -> handled(other).size() == samePartition);
  }

  private static int partitionOf(long instance) {
    return BuiltInPartitioner.partitionForKey(
        Long.toString(instance).getBytes(UTF_8), Topic.PARTITIONS);
  }

  @Test
  void anOutageIsRetriedUntilItIsOverAndOnlyItsKeyWaits() {
    long out = kafka.instance();
    long fine = kafka.instance();
    AtomicInteger attempts = new AtomicInteger();
    kafka.receive(
        1,
        envelope -> {
          if (instanceOf(envelope) == out && numberOf(envelope) == 0) {
            boolean fineIsDone = handled(fine).contains(2L);
            if (attempts.incrementAndGet() < 3 || !fineIsDone) {
              throw new OutageException("the database does not answer", null);
            }
          }
          note(instanceOf(envelope), numberOf(envelope));
        });
    for (long number = 0; number < 3; number++) {
      kafka.send(command(out, number));
      kafka.send(command(fine, number));
    }
    await().untilAsserted(() -> assertThat(handled(out)).containsExactly(0L, 1L, 2L));
    assertThat(handled(fine)).containsExactly(0L, 1L, 2L);
    assertThat(kafka.deadLetters(Long.toString(out))).isEmpty();
    assertThat(kafka.counted("cadastre.message.retries")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void whatWasNotCommittedComesAgainAndWhatWasDoesNot() {
    long before = kafka.instance();
    long slow = kafka.instance();
    ReceiverSettings impatient =
        new ReceiverSettings(
            kafka.group,
            kafka.receiverSettings(4).topics(),
            4,
            1_000,
            1_000_000,
            Duration.ofMillis(100),
            Duration.ofMillis(100));
    MessageReceiver first =
        kafka.receive(
            impatient,
            Map.of(),
            envelope -> {
              if (instanceOf(envelope) == slow && numberOf(envelope) == 1) {
                new CountDownLatch(1).await();
              }
              note(instanceOf(envelope), numberOf(envelope));
            });
    kafka.send(command(before, 0));
    await().until(() -> handled(before).size() == 1);
    kafka.send(command(slow, 0));
    kafka.send(command(slow, 1));
    kafka.send(command(slow, 2));
    await().until(() -> handled(slow).size() == 1);
    first.close();
    assertThat(handled(slow)).as("the hanging one was interrupted").containsExactly(0L);

    kafka.receive(4, envelope -> note(instanceOf(envelope), numberOf(envelope)));
    await().untilAsserted(() -> assertThat(handled(slow)).containsExactly(0L, 1L, 2L));
    assertThat(handled(before)).containsExactly(0L);
  }

  @Test
  void closeWaitsForWhatRunsAndCommitsIt() throws Exception {
    long instance = kafka.instance();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    MessageReceiver first =
        kafka.receive(
            1,
            envelope -> {
              started.countDown();
              finish.await();
              note(instanceOf(envelope), numberOf(envelope));
            });
    kafka.send(command(instance, 0));
    kafka.send(command(instance, 1));
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    Thread closing = Thread.ofVirtual().start(first::close);
    assertThat(closing.join(Duration.ofMillis(300))).isFalse();
    finish.countDown();
    assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
    assertThat(handled(instance)).containsExactly(0L);

    kafka.receive(1, envelope -> note(instanceOf(envelope), numberOf(envelope)));
    await().untilAsserted(() -> assertThat(handled(instance)).containsExactly(0L, 1L));
  }

  @Test
  void partitionsMoveBetweenReceiversWithoutLossOrDisorder() {
    List<Long> instances = LongStream.range(0, 30).map(_ -> kafka.instance()).boxed().toList();
    MessageHandler slowly =
        envelope -> {
          Thread.sleep(2);
          note(instanceOf(envelope), numberOf(envelope));
        };
    MessageReceiver first = kafka.receive(4, slowly);
    AtomicInteger bySecond = new AtomicInteger();
    AtomicLong sent = new AtomicLong();
    Thread sending =
        Thread.ofVirtual()
            .start(() -> {
              while (bySecond.get() < 100) {
                instances.forEach(instance -> kafka.send(command(instance, sent.get())));
                sent.incrementAndGet();
              }
            });
    await().until(() -> handled.size() == instances.size());
    kafka.receive(
        4,
        envelope -> {
          bySecond.incrementAndGet();
          slowly.handle(envelope);
        });
    await().atMost(Duration.ofSeconds(30)).until(() -> !sending.isAlive());
    first.close();
    List<Long> all = LongStream.range(0, sent.get()).boxed().toList();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(instances)
                .allSatisfy(instance ->
                    assertThat(handled(instance).stream().distinct().toList()).isEqualTo(all)));
  }

  @Test
  void anErrorStopsTheReceiverAndItsHealthSaysWhy() {
    long instance = kafka.instance();
    MessageReceiver receiver =
        kafka.receive(
            1,
            _ -> {
              throw new StackOverflowError("too deep");
            });
    kafka.send(command(instance, 0));
    await().until(() -> receiver.health() instanceof MessagingHealth.Dead);
    assertThat(receiver.health())
        .isInstanceOfSatisfying(
            MessagingHealth.Dead.class, dead -> assertThat(dead.reason()).contains("too deep"));
  }
}
