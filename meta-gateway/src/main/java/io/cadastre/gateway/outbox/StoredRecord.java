package io.cadastre.gateway.outbox;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A record as it lies in the outbox, ready to be sent. */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody, copied by nobody.
record StoredRecord(long id, String topic, String key, Map<String, String> headers, byte[] value) {

  ProducerRecord<byte[], byte[]> toSend() {
    ProducerRecord<byte[], byte[]> toSend = new ProducerRecord<>(topic, utf8(key), value);
    headers.forEach((name, text) -> toSend.headers().add(name, utf8(text)));
    return toSend;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
