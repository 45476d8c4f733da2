package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cadastre.kv.compaction.Retention;
import io.cadastre.localservers.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member as etcd's own tools see it, where they are installed. */
class EtcdctlTest {

  private static final Pattern HASH = Pattern.compile("\"hash\":(\\d+)");

  @TempDir private Path directory;

  private KvServer server;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    assumeTrue(isInstalled("etcdctl"), "etcdctl is not installed");
    server =
        KvServer.start(
            new KvSettings(
                "m1",
                directory.resolve("data"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(),
                false,
                KvSettings.DEFAULT_QUOTA_BYTES,
                new Retention.Everything()));
  }

  @AfterEach
  void stop() throws IOException {
    started.forEach(Process::destroyForcibly);
    if (server != null) {
      server.close();
    }
  }

  @Test
  void theToolFindsEverythingAsItIsWithEtcd() throws Exception {
    assertThat(etcdctl("put", "a", "1")).isEqualTo("OK\n");
    assertThat(etcdctl("put", "a", "2", "--prev-kv")).isEqualTo("OK\na\n1\n");
    assertThat(etcdctl("get", "a")).isEqualTo("a\n2\n");
    assertThat(etcdctl("get", "a", "--rev=2", "--print-value-only")).isEqualTo("1\n");
    assertThat(etcdctlReading("mod(\"a\") > \"0\"\n\nget a\n\nput a 3\n\n", "txn"))
        .contains("SUCCESS", "a\n2");
    assertThat(etcdctl("lease", "grant", "60")).contains("granted with TTL(60s)");
    assertThat(etcdctl("lease", "list")).startsWith("found 1 leases");
    assertThat(etcdctl("del", "a")).isEqualTo("1\n");
    assertThat(etcdctl("member", "list")).contains("started, m1");
    // That it is healthy it says on its other output; here it counts that it succeeds.
    assertThat(etcdctl("endpoint", "health")).isEmpty();
    assertThat(etcdctl("endpoint", "status", "-w", "json")).contains("\"version\":\"3.6.0\"");
    assertThat(etcdctl("alarm", "list")).isEmpty();
    assertThat(etcdctl("defrag")).contains("Finished defragmenting");
    assertThat(etcdctl("compact", "3")).isEqualTo("compacted revision 3\n");
    assertThat(etcdctl("lock", "name", "echo", "held")).isEqualTo("held\n");
  }

  @Test
  void dataMovesToEtcdWithTheSameHash() throws Exception {
    assumeTrue(isInstalled("etcd"), "etcd is not installed");
    for (int i = 0; i < 30; i++) {
      etcdctl("put", "k" + i % 7, "v" + i);
    }
    etcdctl("del", "k3");
    String ours = hash(etcdctl("endpoint", "hashkv", "-w", "json"));
    Path file = directory.resolve("saved.db");
    etcdctl("snapshot", "save", file.toString());
    Path restored = directory.resolve("restored");
    etcdctl("snapshot", "restore", file.toString(), "--data-dir", restored.toString());
    String client = "http://127.0.0.1:" + FreePort.choose("member", 0);
    String peer = "http://127.0.0.1:" + FreePort.choose("member", 0);
    started.add(
        new ProcessBuilder(
                "etcd",
                "--data-dir=" + restored,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("etcd.log").toFile())
            .start());
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(hash(run(client, "", "endpoint", "hashkv", "-w", "json"))).isEqualTo(ours));
  }

  private static String hash(String json) {
    Matcher hash = HASH.matcher(json);
    assertThat(hash.find()).as(json).isTrue();
    return hash.group(1);
  }

  private static boolean isInstalled(String command) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(part -> Files.isExecutable(Path.of(part, command)));
  }

  private String etcdctl(String... arguments) throws Exception {
    return etcdctlReading("", arguments);
  }

  private String etcdctlReading(String input, String... arguments) throws Exception {
    return run("http://127.0.0.1:" + server.port(), input, arguments);
  }

  private static String run(String endpoint, String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + endpoint));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("ETCDCTL_API", "3");
    Process process = builder.start();
    try (OutputStream out = process.getOutputStream()) {
      out.write(input.getBytes(UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", arguments)).isZero();
    return output;
  }
}
