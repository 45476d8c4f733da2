package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.kv.KvStoreApplication;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.GetOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member in a process of its own that is killed. */
class KvCrashTest {

  private static final Pattern READY = Pattern.compile("ready to serve .* on port (\\d+)");
  private static final int WRITERS = 8;

  @TempDir private Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void whatWasAcknowledgedSurvivesBeingKilled() throws Exception {
    Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
    for (int round = 0; round < 2; round++) {
      int port = start();
      check(port, acknowledged);
      int enough = acknowledged.size() + 1_000;
      try (Client client = client(port)) {
        for (int writer = 0; writer < WRITERS; writer++) {
          write(client, round + "/" + writer, 0, acknowledged);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > enough);
        Process killed = started.getLast().destroyForcibly();
        assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
    }
    check(start(), acknowledged);
  }

  /** Writes one key after another; the next when the one before is acknowledged. */
  private void write(Client client, String writer, int number, Map<String, Integer> acknowledged) {
    String key = writer + "/" + number;
    ByteSequence value = ByteSequence.from(Integer.toString(number), UTF_8);
    var _ =
        client
            .getKVClient()
            .put(ByteSequence.from(key, UTF_8), value)
            .thenRun(() -> {
              acknowledged.put(key, number);
              write(client, writer, number + 1, acknowledged);
            });
  }

  private static void check(int port, Map<String, Integer> acknowledged) throws Exception {
    Map<String, String> found = new HashMap<>();
    GetOption upToDigits = GetOption.builder().withRange(ByteSequence.from(":", UTF_8)).build();
    try (Client client = client(port)) {
      var all = client.getKVClient().get(ByteSequence.from("0", UTF_8), upToDigits);
      for (KeyValue each : all.get(60, TimeUnit.SECONDS).getKvs()) {
        found.put(each.getKey().toString(UTF_8), each.getValue().toString(UTF_8));
      }
    }
    acknowledged.forEach((key, number) -> assertThat(found).containsEntry(key, number.toString()));
  }

  private static Client client(int port) {
    return Client.builder().endpoints("http://127.0.0.1:" + port).build();
  }

  private int start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KvStoreApplication.class.getName(),
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=http://127.0.0.1:0")
            .redirectErrorStream(true)
            .start();
    started.add(process);
    List<String> output = new ArrayList<>();
    BufferedReader lines = process.inputReader(UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      output.add(line);
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        Thread.ofVirtual().start(() -> drain(lines));
        return Integer.parseInt(ready.group(1));
      }
    }
    throw new IllegalStateException("did not start: " + output);
  }

  /** So that it never waits for somebody to read what it says. */
  private static void drain(BufferedReader lines) {
    try {
      while (lines.readLine() != null) {
        // Nobody is interested.
      }
    } catch (IOException _) {
      // It was killed.
    }
  }
}
