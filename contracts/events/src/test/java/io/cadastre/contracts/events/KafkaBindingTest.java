package io.cadastre.contracts.events;

import static io.cadastre.contracts.events.Records.SOURCE;
import static io.cadastre.contracts.events.Records.received;
import static io.cadastre.contracts.events.Records.refused;
import static io.cadastre.contracts.events.Records.sample;
import static io.cadastre.contracts.events.Records.startedAt;
import static io.cadastre.contracts.events.Records.withValue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read, by readers older and newer than the writer. */
class KafkaBindingTest {

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
  void anEventAboutALaterEngineIsPassedOverAndACommandIsNot() {
    for (Message message : Samples.full()) {
      String json = new String(MessageJson.write(message), UTF_8);
      String later = json.replaceFirst("\"engine\":\"[a-z]+\"", "\"engine\":\"oracle\"");
      ProducerRecord<byte[], byte[]> written = withValue(message, later.getBytes(UTF_8));
      switch (message) {
        case Command _ -> refused(written, ".instance.engine cannot be read");
        case ScanEvent _ -> assertThat(KafkaBinding.read(received(written))).isEmpty();
        case MetadataChanged _ -> assertThat(later).isEqualTo(json);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-30T23:59:59.999999500Z, 2026-11-30T23:59:59.999999Z",
    "2026-11-30T23:59:59.999999999Z, 2026-11-30T23:59:59.999999Z",
    "2026-12-01T01:59:59.999999+02:00, 2026-11-30T23:59:59.999999Z",
    "2026-11-30T23:59:59Z, 2026-11-30T23:59:59Z",
    "1969-12-31T23:59:59.999999999Z, 1969-12-31T23:59:59.999999Z"
  })
  void aMomentIsWholeMicrosecondsCutOffNotRounded(String sent, Instant moment) {
    String json = new String(sample().value(), UTF_8);
    DiscoveryFailed failed =
        (DiscoveryFailed)
            KafkaBinding.read(received(withValue(startedAt(json, '"' + sent + '"'))))
                .orElseThrow()
                .message();
    assertThat(failed.startedAt()).isEqualTo(moment);
    DiscoveryFailed exact =
        new DiscoveryFailed(
            7,
            failed.scan(),
            failed.engine(),
            failed.failure(),
            OffsetDateTime.parse(sent).toInstant(),
            Samples.AT);
    assertThat(new String(MessageJson.write(exact), UTF_8))
        .contains("\"started_at\":\"" + moment + "\"");
  }

  @Test
  void noTextShowsASecret() {
    assertThat(Samples.full().toString()).doesNotContain("c2VhbGVk");
  }

  private static @Nullable String header(ProducerRecord<byte[], byte[]> written, String name) {
    Header header = written.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
