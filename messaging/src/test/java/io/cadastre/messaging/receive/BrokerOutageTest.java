package io.cadastre.messaging.receive;

import static io.cadastre.messaging.receive.Kafka.command;
import static io.cadastre.messaging.receive.Kafka.numberOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.ServerSettings;
import io.cadastre.messaging.MessagingHealth;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerOutageTest {

  private final LocalKafka broker = LocalKafka.start(ServerSettings.temporary());
  private final Kafka kafka = new Kafka(broker);

  @AfterEach
  void close() {
    kafka.close();
    broker.close();
  }

  @Test
  void nothingIsLostWhenTheBrokerIsKilledInTheMiddleAndHealthNamesIt() {
    long instance = kafka.instance();
    Set<Long> handled = ConcurrentHashMap.newKeySet();
    MessageReceiver receiver =
        kafka.receive(
            4,
            envelope -> {
              Thread.sleep(1);
              handled.add(numberOf(envelope));
            });
    for (long number = 0; number < 500; number++) {
      kafka.sendSoon(command(instance, number));
    }
    await().until(() -> handled.size() > 50);
    broker.kill();
    Thread sending =
        Thread.ofVirtual()
            .start(() -> {
              for (long number = 500; number < 1_000; number++) {
                kafka.sendSoon(command(instance, number));
              }
            });
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(kafka.sender.health())
              .isInstanceOfSatisfying(
                  MessagingHealth.Down.class,
                  down -> assertThat(down.reason()).contains("no broker acknowledges"));
          assertThat(receiver.health()).isInstanceOf(MessagingHealth.Down.class);
        });
    broker.restart();
    List<Long> all = LongStream.range(0, 1_000).boxed().toList();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(all));
    await().until(() -> !sending.isAlive());
    assertThat(kafka.sent()).allSatisfy(one -> assertThat(one).isCompleted());
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(kafka.sender.health()).isInstanceOf(MessagingHealth.Up.class);
          assertThat(receiver.health()).isInstanceOf(MessagingHealth.Up.class);
        });
  }
}
