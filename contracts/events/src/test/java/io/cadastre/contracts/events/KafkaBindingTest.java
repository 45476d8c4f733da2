package io.cadastre.contracts.events;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "[]", "[{}]", "1", "1.5", "true", "\"x\"", "\"\"", "", " ", "nul"})
  void aBodyThatIsNoObjectIsRefusedWhateverItsTypeIs(String body) {
    for (Message message : Samples.full()) {
      refused(withValue(message, body.getBytes(UTF_8)), message.getClass().getSimpleName());
    }
  }

  @Test
  void aBodyThatTwoReadersMayReadDifferentlyIsRefused() {
    String json = new String(sample().value(), UTF_8);
    refused(withValue(json.substring(0, json.length() - 5)), "failed_at");
    refused(withValue(json + "{}"), "Trailing");
    refused(
        withValue(json.replace("\"instance_id\":7", "\"instance_id\":7,\"instance_id\":8")),
        "Duplicate Object property \"instance_id\"");
    refused(
        withValue(json.replace("\"scan_number\":42", "\"scan_number\":42,\"scan_number\":4")),
        "Duplicate Object property \"scan_number\"");
    refused(withValue(Samples.full().get(1), json.getBytes(UTF_16LE)), "not UTF-8");
    refused(withValue(json.replace("did not", "\\u0000")), "failure.message: text with U+0000");
    refused(withValue(json.replace("did not", "\\ud83d")), "failure.message: text with U+D83D");
    assertThat(
            KafkaBinding.read(received(withValue(json.replace("did not", "\\ud83d\\udc18"))))
                .map(read -> ((DiscoveryFailed) read.message()).failure().message()))
        .hasValueSatisfying(text -> assertThat(text).contains("🐘"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c080", "eda080", "64e9"})
  void bytesThatAreNoTextAreRefused(String hex) {
    String[] around = new String(sample().value(), UTF_8).split("did not", -1);
    byte[] body =
        concat(around[0].getBytes(UTF_8), HexFormat.of().parseHex(hex), around[1].getBytes(UTF_8));
    refused(withValue(Samples.full().get(1), body), "not UTF-8");
  }

  @Test
  void aBodyBuiltToExhaustItsReaderIsRefused() {
    String json = new String(sample().value(), UTF_8);
    String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
    refused(withValue(json.replaceFirst("\\{", "{\"x\":" + deep + ",")), "nesting depth");
    refused(
        withValue(json.replace("\"instance_id\":7", "\"instance_id\":" + "7".repeat(10_000_000))),
        "Number value length");
    refused(
        withValue(json.replaceFirst("\\{", "{\"" + "x".repeat(10_000_000) + "\":1,")),
        "Name length");
    refused(withValue(" ".repeat(10_000_000)), "No content");
  }

  @Test
  void whatIsMissingFromAListOrInsteadOfItIsNamed() {
    Message found = Samples.full().getFirst();
    String json = new String(MessageJson.write(found), UTF_8);
    String list = "\"databases\":\\[.*]";
    for (String without :
        List.of(
            json.replaceFirst("," + list, ""),
            json.replaceFirst(list, "\"databases\":null"),
            json.replaceFirst(list, "\"databases\":[null]"),
            json.replaceFirst(list, "\"databases\":[{\"name\":null,\"system\":true}]"))) {
      assertThat(without).isNotEqualTo(json);
      refused(withValue(found, without.getBytes(UTF_8)), "databases");
    }
  }

  @Test
  void whatAnEntityIsAfterAChangeIsAnObjectOrNothing() {
    Message changed = Samples.full().get(5);
    String json = new String(MessageJson.write(changed), UTF_8);
    for (String after : List.of("1", "[]", "\"x\"", "true")) {
      refused(withValue(changed, after(json, after)), "after: ");
    }
    assertThat(KafkaBinding.read(received(withValue(changed, after(json, "null")))))
        .hasValueSatisfying(
            read -> assertThat(((MetadataChanged) read.message()).after()).isNull());
  }

  private static byte[] after(String json, String after) {
    return json.replaceFirst("\"after\":\\{[^}]*}", "\"after\":" + after).getBytes(UTF_8);
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "17",
        "17.5",
        "1e300000000",
        "\"17\"",
        "\"\"",
        "\"2026-11-30\"",
        "\"2026-11-30T23:59:59\"",
        "\"+10000-01-01T00:00:00Z\"",
        "\"-0001-01-01T00:00:00Z\"",
        "[2026,11]"
      })
  void aMomentIsWrittenAsRfc3339OrRefused(String sent) {
    refused(withValue(startedAt(new String(sample().value(), UTF_8), sent)), "started_at");
  }

  private static String startedAt(String json, String moment) {
    return json.replaceFirst("\"started_at\":\"[^\"]*\"", "\"started_at\":" + moment);
  }

  private static byte[] concat(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  @Test
  void nothingIsTakenForWhatItIsNot() {
    String json = new String(sample().value(), UTF_8);
    refused(withValue(json.replace("\"instance_id\":7", "\"instance_id\":\"7\"")), "instance_id");
    refused(withValue(json.replace("\"instance_id\":7", "\"instance_id\":7.0")), "instance_id");
    refused(withValue(json.replaceFirst("\"engine\":\"[a-z]+\"", "\"engine\":0")), "engine");
    refused(withValue(json.replaceFirst("\"engine\":\"[a-z]+\"", "\"engine\":\"\"")), "engine");
    refused(
        withValue(json.replaceFirst("\"engine\":\"[a-z]+\"", "\"engine\":\"MYSQL\"")), "engine");
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
    ProducerRecord<byte[], byte[]> none = sample();
    none.headers().remove("ce_specversion");
    refused(none, "ce_specversion is missing");
    for (String ours : List.of("application/json; charset=utf-8", "Application/JSON")) {
      ProducerRecord<byte[], byte[]> same = sample();
      same.headers().remove("content-type").add("content-type", ours.getBytes(UTF_8));
      assertThat(KafkaBinding.read(received(same))).as(ours).isPresent();
    }
    ProducerRecord<byte[], byte[]> many = sample();
    many.headers()
        .remove("content-type")
        .add("content-type", "application/json-seq".getBytes(UTF_8));
    refused(many, "application/json-seq");
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

  private static ProducerRecord<byte[], byte[]> withValue(@Nullable String json) {
    return withValue(Samples.full().get(1), json == null ? null : json.getBytes(UTF_8));
  }

  @SuppressWarnings("NullAway") // A tombstone, which the client's generics cannot say.
  private static ProducerRecord<byte[], byte[]> withValue(
      Message message, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> sample =
        KafkaBinding.write(Envelope.of(message, SOURCE, Samples.AT, null));
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
