package io.cadastre.contracts.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaBindingTest {

  private static final URI SOURCE = URI.create("/cadastre/discovery-service");
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  static Stream<Message> messages() {
    return Stream.concat(Samples.full().stream(), Samples.minimal().stream());
  }

  @ParameterizedTest
  @MethodSource("messages")
  void whatIsWrittenIsRead(Message message) {
    Envelope<Message> envelope = Envelope.of(message, SOURCE, Samples.AT, TRACE);
    assertThat(KafkaBinding.read(received(KafkaBinding.write(envelope)))).contains(envelope);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aRecordIsACloudEventInBinaryMode(Message message) {
    ProducerRecord<byte[], byte[]> written =
        KafkaBinding.write(Envelope.of(message, SOURCE, Samples.AT, null));
    assertThat(header(written, "content-type")).isEqualTo("application/json");
    assertThat(header(written, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(written, "ce_type"))
        .isEqualTo("io.cadastre." + message.getClass().getSimpleName() + ".v1");
    assertThat(header(written, "ce_subject")).isEqualTo(new String(written.key(), UTF_8));
    assertThat(header(written, "traceparent")).isNull();
    assertThat(written.headers()).allSatisfy(each -> assertThat(each.value()).isNotNull());
  }

  @Test
  void aReSendHasTheSameIdAndEveryOtherMessageAnother() {
    Message message = Samples.full().getFirst();
    Envelope<Message> first = Envelope.of(message, SOURCE, Samples.AT, null);
    Envelope<Message> again = Envelope.of(message, SOURCE, Samples.AT.plusSeconds(1), TRACE);
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(Samples.full().stream().map(m -> Envelope.of(m, SOURCE, Samples.AT, null).id()))
        .doesNotHaveDuplicates();
  }

  @Test
  void partsOfAScanFollowEachOtherInTextOrder() {
    assertThat(Message.sequenceOf(9, 10)).isGreaterThan(Message.sequenceOf(9, 9));
    assertThat(Message.sequenceOf(10, 1)).isGreaterThan(Message.sequenceOf(9, 999_999));
  }

  @Test
  void aTypeNobodyKnowsYetIsPassedOver() {
    ProducerRecord<byte[], byte[]> future = sample();
    future.headers().remove("ce_type").add("ce_type", "io.cadastre.Later.v1".getBytes(UTF_8));
    assertThat(KafkaBinding.read(received(future))).isEmpty();
  }

  @Test
  void aPropertyAndACodeNobodyKnowsYetDoNoHarm() {
    String json =
        new String(sample().value(), UTF_8)
            .replace("\"timeout\"", "\"eclipse\"")
            .replace("{\"instance_id\"", "{\"later\":[1],\"instance_id\"");
    Optional<Envelope<Message>> read = KafkaBinding.read(received(withValue(json)));
    assertThat(read.orElseThrow().message())
        .isInstanceOfSatisfying(
            DiscoveryFailed.class,
            failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.UNKNOWN));
  }

  @Test
  void whatIsNoMessageIsRefusedWithTheReason() {
    refused(withValue("{"), "DiscoveryFailed");
    refused(withValue("{\"instance_id\":\"seven\"}"), "instance_id");
    refused(withValue("{}"), "instance_id");
    refused(withValue("{\"instance_id\":7}"), "scan is missing");
    refused(
        withValue(new String(sample().value(), UTF_8).replaceFirst("\"scan_id\":\"[^\"]+\",", "")),
        "scan.scan_id is missing");
    refused(withValue(null), "no data");
    ProducerRecord<byte[], byte[]> noType = sample();
    noType.headers().remove("ce_type");
    refused(noType, "ce_type is missing");
    ProducerRecord<byte[], byte[]> badId = sample();
    badId.headers().remove("ce_id").add("ce_id", "x".getBytes(UTF_8));
    refused(badId, "UUID");
  }

  @Test
  void nothingIsTakenForWhatItIsNot() {
    String json = new String(sample().value(), UTF_8);
    refused(withValue(json.replace("\"instance_id\":7", "\"instance_id\":\"7\"")), "instance_id");
    refused(withValue(json.replace("\"instance_id\":7", "\"instance_id\":7.0")), "instance_id");
    refused(withValue(json.replaceFirst("\"engine\":\"[a-z]+\"", "\"engine\":0")), "engine");
    refused(withValue(json.replaceFirst("\"engine\":\"[a-z]+\"", "\"engine\":\"db2\"")), "engine");
    refused(withValue(json.replace("\"retryable\":true", "\"retryable\":1")), "retryable");
  }

  @Test
  void anotherEncodingIsRefusedByName() {
    ProducerRecord<byte[], byte[]> structured = sample();
    structured
        .headers()
        .remove("content-type")
        .add("content-type", "application/cloudevents+json; charset=UTF-8".getBytes(UTF_8));
    refused(structured, "application/cloudevents+json");
    ProducerRecord<byte[], byte[]> old = sample();
    old.headers().remove("ce_specversion").add("ce_specversion", "0.3".getBytes(UTF_8));
    refused(old, "0.3");
  }

  @Test
  void aCommandThatCannotBeReadIsNotQuoted() {
    ProducerRecord<byte[], byte[]> command =
        KafkaBinding.write(
            Envelope.of(
                Samples.full().stream()
                    .filter(DiscoverDatabases.class::isInstance)
                    .findFirst()
                    .orElseThrow(),
                SOURCE,
                Samples.AT,
                null));
    String json = new String(command.value(), UTF_8);
    for (String broken :
        new String[] {
          json.replaceFirst("\"password\":\\{[^}]*}", "\"password\":[\"hunter2\"]"),
          json.replaceFirst("\"ciphertext\":\"[^\"]*\"", "\"ciphertext\":{\"hunter2\":1}"),
          json.replaceFirst("\"ciphertext\":\"[^\"]*\"", "\"ciphertext\":hunter2")
        }) {
      assertThat(broken).isNotEqualTo(json);
      ProducerRecord<byte[], byte[]> written =
          new ProducerRecord<>(
              command.topic(), null, command.key(), broken.getBytes(UTF_8), command.headers());
      assertThatExceptionOfType(UnreadableMessageException.class)
          .isThrownBy(() -> KafkaBinding.read(received(written)))
          .withMessageContaining("DiscoverDatabases")
          .withMessageNotContaining("hunter2")
          .withNoCause();
    }
  }

  @Test
  void noTextShowsASecret() {
    assertThat(Samples.full().toString()).doesNotContain("c2VhbGVk");
  }

  private static void refused(ProducerRecord<byte[], byte[]> written, String reason) {
    assertThatExceptionOfType(UnreadableMessageException.class)
        .isThrownBy(() -> KafkaBinding.read(received(written)))
        .withMessageContaining(reason);
  }

  private static ProducerRecord<byte[], byte[]> sample() {
    return KafkaBinding.write(Envelope.of(Samples.full().get(1), SOURCE, Samples.AT, null));
  }

  @SuppressWarnings("NullAway") // A tombstone, which the client's generics cannot say.
  private static ProducerRecord<byte[], byte[]> withValue(@Nullable String json) {
    ProducerRecord<byte[], byte[]> sample = sample();
    byte[] value = json == null ? null : json.getBytes(UTF_8);
    return new ProducerRecord<>(sample.topic(), null, sample.key(), value, sample.headers());
  }

  private static @Nullable String header(ProducerRecord<byte[], byte[]> written, String name) {
    Header header = written.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> written) {
    ConsumerRecord<byte[], byte[]> received =
        new ConsumerRecord<>(written.topic(), 0, 0, written.key(), written.value());
    written.headers().forEach(received.headers()::add);
    return received;
  }
}
