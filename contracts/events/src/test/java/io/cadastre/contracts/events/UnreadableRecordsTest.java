package io.cadastre.contracts.events;

import static io.cadastre.contracts.events.Records.SOURCE;
import static io.cadastre.contracts.events.Records.received;
import static io.cadastre.contracts.events.Records.refused;
import static io.cadastre.contracts.events.Records.sample;
import static io.cadastre.contracts.events.Records.startedAt;
import static io.cadastre.contracts.events.Records.withValue;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no message, or would be one message to one reader and another to the next. */
class UnreadableRecordsTest {

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
}
