package io.cadastre.kv.serve;

import static io.cadastre.kv.serve.KubeApiserver.CONFIG_MAPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** What Kubernetes asks of etcd, asked by its own API server. */
@EnabledIfEnvironmentVariable(
    named = KubeApiserverTest.BINARY,
    matches = ".+",
    disabledReason = "names no kube-apiserver")
class KubeApiserverTest {

  static final String BINARY = "KUBE_APISERVER_BIN";

  @TempDir private Path directory;

  @Test
  void kubernetesKeepsItsObjectsHere() throws Exception {
    try (TestCluster members = TestCluster.start(directory, false, 100_000, "a", "b", "c");
        KubeApiserver kubernetes =
            new KubeApiserver(
                System.getenv(BINARY),
                directory.resolve("kubernetes"),
                members.names().stream().map(members::endpoint).collect(Collectors.joining(",")),
                "--etcd-compaction-interval=5s")) {
      String before = version(kubernetes.get(CONFIG_MAPS + "?limit=1"));
      Queue<String> told = new ConcurrentLinkedQueue<>();
      Thread _ = Thread.startVirtualThread(() -> follow(kubernetes, before, told));
      for (int i = 100; i < 400; i++) {
        assertThat(create(kubernetes, "c" + i)).isEqualTo(201);
      }
      assertThat(create(kubernetes, "c100")).isEqualTo(409);
      assertThat(pages(kubernetes)).hasSize(4);

      JsonObject stale = kubernetes.get(CONFIG_MAPS + "/c100");
      assertThat(kubernetes.send("PUT", CONFIG_MAPS + "/c100", changed(stale))).isEqualTo(200);
      assertThat(kubernetes.send("PUT", CONFIG_MAPS + "/c100", changed(stale))).isEqualTo(409);

      members.kill(members.leader());
      await()
          .atMost(TestCluster.LONG)
          .until(() -> List.of(201, 409).contains(create(kubernetes, "d1")));
      assertThat(kubernetes.send("DELETE", CONFIG_MAPS + "/c399", "")).isEqualTo(200);
      await()
          .atMost(TestCluster.LONG)
          .untilAsserted(() -> assertThat(told).endsWith("DELETED c399"));
      assertThat(told).hasSize(303).doesNotHaveDuplicates().contains("MODIFIED c100");
      assertThat(pages(kubernetes).stream().mapToInt(List::size).sum()).isEqualTo(300);

      String exactly = CONFIG_MAPS + "?limit=1&resourceVersionMatch=Exact&resourceVersion=";
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> kubernetes.send("GET", exactly + before, "") == 410);
    }
  }

  private static int create(KubeApiserver kubernetes, String name) throws Exception {
    return kubernetes.send(
        "POST", CONFIG_MAPS, "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"x\":\"y\"}}");
  }

  private static String changed(JsonObject object) {
    object.getAsJsonObject("data").addProperty("changed", "yes");
    return object.toString();
  }

  /** Ours, and not what Kubernetes itself keeps there. */
  private static List<List<String>> pages(KubeApiserver kubernetes) throws Exception {
    List<List<String>> pages = new ArrayList<>();
    String more = "";
    do {
      JsonObject page = kubernetes.get(CONFIG_MAPS + "?limit=90&continue=" + more);
      pages.add(
          page.getAsJsonArray("items").asList().stream()
              .map(KubeApiserverTest::name)
              .filter(name -> name.matches("[cd]\\d+"))
              .toList());
      JsonElement next = page.getAsJsonObject("metadata").get("continue");
      more = next == null ? "" : next.getAsString();
    } while (!more.isEmpty());
    assertThat(pages.stream().flatMap(List::stream).toList()).isSorted().doesNotHaveDuplicates();
    return pages;
  }

  /** As clients of Kubernetes do: a stream that ends is taken up where it was. */
  private static void follow(KubeApiserver kubernetes, String version, Queue<String> told) {
    String reached = version;
    try {
      while (true) {
        try (Stream<JsonObject> changes = kubernetes.watch(reached)) {
          for (JsonObject change : (Iterable<JsonObject>) changes::iterator) {
            reached = version(change.getAsJsonObject("object"));
            String what = change.get("type").getAsString() + " " + name(change.get("object"));
            if (what.matches(".* [cd]\\d+")) {
              told.add(what);
            }
          }
        }
      }
    } catch (java.io.UncheckedIOException | java.io.IOException _) {
      // The server was stopped; what is missing is noticed by the test.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String name(JsonElement object) {
    return object.getAsJsonObject().getAsJsonObject("metadata").get("name").getAsString();
  }

  private static String version(JsonObject object) {
    return object.getAsJsonObject("metadata").get("resourceVersion").getAsString();
  }
}
