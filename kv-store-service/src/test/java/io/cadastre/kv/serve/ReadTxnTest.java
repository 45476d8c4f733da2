package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that only read. */
final class ReadTxnTest {

  private static final int READS = 150;
  private static final int WRITES_BETWEEN_COMPACTIONS = 25;

  @TempDir private static Path directory;
  private static TestCluster cluster = TestCluster.none();

  @BeforeAll
  static void start() throws Exception {
    cluster = TestCluster.start(directory, true, 100_000, "a", "b", "c");
    cluster.put(cluster.leader(), "warm", "up");
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @Test
  void theySeeOneRevisionAndAllThatWasAcknowledgedOnEveryMember() throws Exception {
    AtomicLong acknowledged = new AtomicLong();
    AtomicBoolean end = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      write(acknowledged, 1);
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(() -> writeUntil(end, acknowledged), threads);
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (String name : cluster.names()) {
        readers.add(CompletableFuture.runAsync(() -> read(name, acknowledged), threads));
      }
      try {
        for (CompletableFuture<Void> reader : readers) {
          var _ = TestCluster.done(reader);
        }
      } finally {
        end.set(true);
      }
      var _ = TestCluster.done(writer);
    }
  }

  private static void writeUntil(AtomicBoolean end, AtomicLong acknowledged) {
    try {
      for (long number = 2; !end.get(); number++) {
        write(acknowledged, number);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(AtomicLong acknowledged, long number) throws Exception {
    Client client = cluster.client(cluster.names().getFirst());
    long revision =
        TestCluster.done(
                client.getKVClient().txn().Then(put("left", number), put("right", number)).commit())
            .getHeader()
            .getRevision();
    acknowledged.set(number);
    if (number % WRITES_BETWEEN_COMPACTIONS == 0) {
      var _ = TestCluster.done(client.getKVClient().compact(revision));
    }
  }

  private static Op put(String key, long number) {
    return Op.put(
        TestCluster.bytes(key), TestCluster.bytes(Long.toString(number)), PutOption.DEFAULT);
  }

  private static void read(String member, AtomicLong acknowledged) {
    try {
      for (int i = 0; i < READS; i++) {
        long before = acknowledged.get();
        TxnResponse answer = read(member, GetOption.DEFAULT);
        List<KeyValue> found =
            answer.getGetResponses().stream().flatMap(each -> each.getKvs().stream()).toList();
        assertThat(found).hasSize(2);
        assertThat(number(found.getFirst())).isEqualTo(number(found.getLast()));
        assertThat(number(found.getFirst())).isGreaterThanOrEqualTo(before);
        assertThat(answer.getHeader().getRevision())
            .isGreaterThanOrEqualTo(found.getLast().getModRevision());
        assertThat(answer.isSucceeded()).isTrue();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static TxnResponse read(String member, GetOption option) throws Exception {
    return TestCluster.done(
        cluster
            .client(member)
            .getKVClient()
            .txn()
            .If(new Cmp(TestCluster.bytes("left"), Cmp.Op.GREATER, CmpTarget.version(0)))
            .Then(
                Op.get(TestCluster.bytes("left"), option),
                Op.get(TestCluster.bytes("right"), option))
            .commit());
  }

  private static long number(KeyValue kv) {
    return Long.parseLong(kv.getValue().toString(UTF_8));
  }

  @Test
  void theyDoNotMakeTheLogLonger() throws Exception {
    String follower = cluster.followers().getFirst();
    long before = cluster.status(cluster.leader()).getRaftIndex();
    for (int i = 0; i < READS; i++) {
      var _ = read(follower, GetOption.builder().withSerializable(i % 2 == 0).build());
    }
    assertThat(cluster.status(cluster.leader()).getRaftIndex() - before).isLessThan(READS / 2);
  }
}
