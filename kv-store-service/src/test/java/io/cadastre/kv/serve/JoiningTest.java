package io.cadastre.kv.serve;

import static io.cadastre.kv.serve.TestCluster.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that are started as what they are not. */
final class JoiningTest {

  @TempDir private Path directory;
  private TestCluster cluster = TestCluster.none();

  @AfterEach
  void stop() throws IOException {
    cluster.close();
  }

  @Test
  void whoLostItsDataIsNotTakenForWhoItWas() throws Exception {
    cluster = TestCluster.start(directory, false, 100_000, "a", "b", "c");
    String lost = cluster.followers().getFirst();
    awaitPublished(lost);
    cluster.kill(lost);
    delete(cluster.directory(lost));
    assertThatThrownBy(() -> cluster.start(lost))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has already been bootstrapped (allowed: the data-dir it had");
  }

  @Test
  void theDataOfAnotherMemberAreRefused() throws Exception {
    cluster = TestCluster.start(directory, false, 100_000, "a", "b", "c");
    String lost = cluster.followers().getFirst();
    String given = cluster.followers().getLast();
    awaitPublished(lost);
    cluster.kill(lost);
    cluster.kill(given);
    delete(cluster.directory(lost));
    copy(cluster.directory(given), cluster.directory(lost));
    assertThatThrownBy(() -> cluster.start(lost))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("data-dir: holds member")
        .hasMessageContaining("(allowed: the directory of " + lost + ")");
  }

  @Test
  void theDataOfAnotherClusterAreRefused() throws Exception {
    try (TestCluster other = TestCluster.start(directory.resolve("other"), false, 100_000, "a")) {
      other.put("a", "key", "1");
      other.stop("a");
    }
    cluster = TestCluster.start(directory.resolve("own"), false, 100_000, "a", "b");
    cluster.put("a", "key", "2");
    cluster.kill("a");
    delete(cluster.directory("a"));
    copy(directory.resolve("other").resolve("a"), cluster.directory("a"));
    assertThatThrownBy(() -> cluster.start("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cluster ID mismatch: the data is of cluster ");
  }

  @Test
  void aNewClusterDoesNotBeginAmongMembersOfAnother() throws Exception {
    cluster = TestCluster.start(directory, false, 100_000, "a");
    cluster.put("a", "key", "1");
    String _ = cluster.prepare("b");
    // Nothing is left behind that would be in the way of a right start.
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> cluster.start("b"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("initial-cluster: member")
          .hasMessageContaining("initial-cluster-state existing");
    }
    assertThatThrownBy(() -> cluster.join("b"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("initial-cluster-state: existing, but cannot join: no member of");
    var _ =
        TestCluster.done(
            cluster
                .client("a")
                .getClusterClient()
                .addMember(List.of(java.net.URI.create(cluster.url("b")))));
    cluster.join("b");
    assertThat(cluster.get("b", "key")).isEqualTo("1");
  }

  @Test
  void nobodyJoinsAClusterThatDoesNotAnswer() throws Exception {
    cluster = TestCluster.start(directory, true, 100_000);
    String _ = cluster.prepare("a");
    String _ = cluster.prepare("b");
    assertThatThrownBy(() -> cluster.join("b"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("initial-cluster-state: existing, but cannot join: ");
  }

  /** The others know that it was there. */
  private void awaitPublished(String name) {
    await()
        .atMost(LONG)
        .until(() ->
            TestCluster.done(cluster.client(cluster.leader()).getClusterClient().listMember())
                .getMembers()
                .stream()
                .filter(member -> member.getName().equals(name))
                .allMatch(member -> !member.getClientURIs().isEmpty()));
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path _ = Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
