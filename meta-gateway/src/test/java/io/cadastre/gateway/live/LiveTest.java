package io.cadastre.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Many pages at once, and those that do not behave. */
@GatewayTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Api api;
  private String token = "";

  LiveTest(Api api) {
    this.api = api;
  }

  @BeforeAll
  void makeToken() {
    JsonNode created =
        api.viewer()
            .post()
            .uri("/api/v1/tokens")
            .bodyValue(Map.of("name", api.unique("live"), "role", "viewer"))
            .exchange()
            .expectStatus()
            .isCreated()
            .expectBody(JsonNode.class)
            .returnResult()
            .getResponseBody();
    token = Objects.requireNonNull(created).get("token").asString();
  }

  @Test
  void twoHundredPagesHearOfAChange() {
    AtomicInteger connected = new AtomicInteger();
    AtomicInteger told = new AtomicInteger();
    String id = api.unique("change");
    try (Listeners listeners = new Listeners()) {
      for (int i = 0; i < 200; i++) {
        listeners.start(lines -> {
          connected.incrementAndGet();
          lines.filter(line -> line.contains(id)).findFirst().ifPresent(_ -> told.addAndGet(1));
        });
      }
      await().atMost(PATIENCE).until(() -> connected.get() == 200);
      change(id, 1);
      await().atMost(PATIENCE).until(() -> told.get() == 200);
    }
  }

  @Test
  void aPageThatNeverReadsIsCutOffAndDisturbsNobody() throws IOException {
    AtomicLong heard = new AtomicLong();
    String id = api.unique("flood");
    try (Listeners listeners = new Listeners();
        Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4096);
      deaf.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), api.port()));
      deaf.getOutputStream()
          .write(
              """
              GET /api/v1/live HTTP/1.1\r
              Host: 127.0.0.1\r
              Authorization: Bearer %s\r
              Accept: text/event-stream\r
              \r
              """
                  .formatted(token)
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(deaf.getInputStream().read()).isEqualTo('H');
      listeners.start(lines -> {
        heard.incrementAndGet();
        lines.filter(line -> line.contains(id)).forEach(_ -> heard.incrementAndGet());
      });
      await().atMost(PATIENCE).until(() -> heard.get() == 1);

      for (int burst = 1; burst <= 20; burst++) {
        change(id, 250);
        long all = 250L * burst;
        await().atMost(PATIENCE).until(() -> heard.get() > all);
      }
      deaf.setSoTimeout(60_000);
      assertThat(endOf(deaf.getInputStream())).isLessThan(20 * 250 * 7_000L);
    }
  }

  /** Returns how much there was; heartbeats would go on for ever. */
  private static long endOf(InputStream stream) {
    long length = 0;
    byte[] buffer = new byte[65_536];
    try {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        length += read;
        if (length > 100_000_000) {
          throw new AssertionError("there is no end");
        }
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("still open", e);
    } catch (IOException _) {
      return length; // Reset: cut off, too.
    }
    return length;
  }

  /** So many large ones at once. */
  private static void change(String id, int count) {
    Instances.execute(
        """
        SELECT pg_notify('cadastre_live', json_build_object(
          'entity', 'test', 'id', '%s', 'number', n, 'padding', repeat('x', 7000))::text)
        FROM generate_series(1, %d) n
        """
            .formatted(id, count));
  }

  /** Pages that listen until there is nothing more to hear, or all are closed together. */
  private final class Listeners implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();

    void start(Consumer<Stream<String>> listening) {
      Thread.startVirtualThread(() -> {
        try (Stream<String> lines = listen()) {
          listening.accept(lines);
        } catch (IOException | UncheckedIOException _) {
          // Closed. One that ends before will be missed.
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      });
    }

    private Stream<String> listen() throws IOException, InterruptedException {
      return http.send(
              HttpRequest.newBuilder(URI.create(api.address() + "/api/v1/live"))
                  .header("Authorization", "Bearer " + token)
                  .header("Accept", "text/event-stream")
                  .build(),
              HttpResponse.BodyHandlers.ofLines())
          .body();
    }

    /** The streams would not end by themselves, also where a test fails. */
    @Override
    public void close() {
      http.shutdownNow();
    }
  }
}
