package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One member and a client of it, for each test anew. */
abstract class OneMember {

  static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  KvServer server;
  Client client;

  @BeforeEach
  void start() throws IOException {
    start(KvSettings.DEFAULT_QUOTA_BYTES);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  final void start(long quotaBytes) throws IOException {
    server = KvServer.start(settings(quotaBytes));
    client = builder().build();
  }

  final KvSettings settings(long quotaBytes) {
    return TestMember.settings(directory.resolve("data"), quotaBytes, ClientSettings.DEFAULT);
  }

  final io.etcd.jetcd.ClientBuilder builder() {
    return Client.builder().endpoints(endpoint());
  }

  final String endpoint() {
    return "http://127.0.0.1:" + server.port();
  }

  final void put(String key, String value) throws Exception {
    done(client.getKVClient().put(bytes(key), bytes(value)));
  }

  final KeyValue get(String key) throws Exception {
    return done(client.getKVClient().get(bytes(key))).getKvs().getFirst();
  }

  static void refused(ThrowingCallable action, String text) {
    assertThatThrownBy(action).hasStackTraceContaining("etcdserver: " + text);
  }

  static <T> T done(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  static String text(ByteSequence bytes) {
    return bytes.toString(UTF_8);
  }
}
