package io.cadastre.kv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.core.NodeMetrics;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.LogManagerOptions;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogManager;
import com.alipay.sofa.jraft.storage.impl.LogManagerImpl;
import io.cadastre.kv.log.LogDamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What JRaft's own tests ask of a log. */
class DiskLogTest {

  private static final int FILE_BYTES = 16 << 10;

  @TempDir private Path directory;

  private final List<DiskLog> opened = new ArrayList<>();
  private ConfigurationManager configurations = new ConfigurationManager();
  private DiskLog log;

  @BeforeEach
  void open() {
    configurations = new ConfigurationManager();
    LogStorageOptions options = new LogStorageOptions();
    options.setConfigurationManager(configurations);
    log = new DiskLog(directory, FILE_BYTES, 0);
    opened.add(log);
    assertThat(log.init(options)).isTrue();
  }

  @AfterEach
  void close() {
    opened.forEach(DiskLog::shutdown);
  }

  @Test
  void anEmptyLogBeginsWithOneAndEndsWithZero() {
    assertThat(log.getFirstLogIndex()).isEqualTo(1);
    assertThat(log.getLastLogIndex()).isZero();
    assertThat(log.getEntry(100)).isNull();
    assertThat(log.hasRoom()).isTrue();
  }

  @Test
  void entriesComeBackAsTheyWere() {
    LogEntry slice = data(2, 3, "-two-");
    slice.setData(slice.getData().position(1).limit(4).slice());
    LogEntry none = new LogEntry(EntryType.ENTRY_TYPE_NO_OP);
    none.setId(new LogId(3, 3));
    assertThat(log.appendEntries(List.of(data(1, 2, "one"), slice, none))).isEqualTo(3);
    reopen();
    LogEntry one = requireNonNull(log.getEntry(1));
    assertThat(one.getId()).isEqualTo(new LogId(1, 2));
    assertThat(one.getType()).isEqualTo(EntryType.ENTRY_TYPE_DATA);
    assertThat(one.getData()).isEqualTo(ByteBuffer.wrap("one".getBytes(UTF_8)));
    assertThat(requireNonNull(log.getEntry(2)).getData()).isEqualTo(slice.getData());
    LogEntry three = requireNonNull(log.getEntry(3));
    assertThat(three.getType()).isEqualTo(EntryType.ENTRY_TYPE_NO_OP);
    assertThat(three.getId()).isEqualTo(new LogId(3, 3));
  }

  @Test
  void bothEndsCanBeCut() {
    append(1, 10, 1);
    assertThat(log.truncatePrefix(5)).isTrue();
    assertThat(log.truncateSuffix(8)).isTrue();
    for (int round = 0; round < 2; round++) {
      assertThat(log.getFirstLogIndex()).isEqualTo(5);
      assertThat(log.getLastLogIndex()).isEqualTo(8);
      assertThat(log.getEntry(4)).isNull();
      assertThat(log.getEntry(9)).isNull();
      reopen();
    }
    append(9, 1, 2);
    assertThat(requireNonNull(log.getEntry(9)).getId().getTerm()).isEqualTo(2);
  }

  @Test
  void behindASnapshotTheLogIsEmptyAndGoesOn() {
    append(1, 10, 1);
    assertThat(log.truncatePrefix(101)).isTrue();
    for (int round = 0; round < 2; round++) {
      assertThat(log.getFirstLogIndex()).isEqualTo(101);
      assertThat(log.getLastLogIndex()).isZero();
      reopen();
    }
    append(101, 3, 4);
    assertThat(log.getLastLogIndex()).isEqualTo(103);
    assertThat(log.reset(50)).isTrue();
    assertThat(log.getFirstLogIndex()).isEqualTo(50);
    assertThat(log.getLastLogIndex()).isZero();
    append(50, 1, 5);
    reopen();
    assertThat(log.getLastLogIndex()).isEqualTo(50);
  }

  @Test
  void theConfigurationsThatAreStillInItAreKnownAgain() {
    append(1, 1, 1);
    List<PeerId> two = List.of(new PeerId("a", 1), new PeerId("b", 1));
    List<PeerId> three = List.of(new PeerId("a", 1), new PeerId("b", 1), new PeerId("c", 1));
    assertThat(log.appendEntry(configuration(2, two, null))).isTrue();
    assertThat(log.appendEntry(configuration(3, three, two))).isTrue();
    assertThat(log.appendEntry(configuration(4, two, null))).isTrue();
    assertThat(log.truncateSuffix(3)).isTrue();
    reopen();
    assertThat(configurations.getLastConfiguration().getId()).isEqualTo(new LogId(3, 1));
    assertThat(configurations.getLastConfiguration().getConf())
        .isEqualTo(new Configuration(three, List.of(new PeerId("learner", 1))));
    assertThat(configurations.getLastConfiguration().getOldConf().getPeers()).isEqualTo(two);
    assertThat(configurations.get(2).getConf().getPeers()).isEqualTo(two);
    assertThat(log.truncatePrefix(3)).isTrue();
    reopen();
    assertThat(configurations.get(2).isEmpty()).isTrue();
  }

  @Test
  void underJRaftALeadersEntriesReplaceThoseThatWereNeverAgreedOn() throws Exception {
    log.shutdown();
    LogManagerImpl manager = manager();
    append(manager, 1, 7, 1);
    manager.setAppliedId(new LogId(6, 1));
    append(manager, 7, 3, 2);
    assertThat(manager.getLastLogId(true)).isEqualTo(new LogId(9, 2));
    end(manager);
    LogManagerImpl again = manager();
    assertThat(again.getLastLogId(false)).isEqualTo(new LogId(9, 2));
    assertThat(again.getTerm(6)).isEqualTo(1);
    assertThat(again.getEntry(7).getData()).isEqualTo(data(7, 2, "entry 7 of 2").getData());
    assertThat(again.checkConsistency().isOk()).isTrue();
    end(again);
  }

  private LogManagerImpl manager() {
    LogManagerOptions options = new LogManagerOptions();
    options.setGroupId("cluster");
    options.setConfigurationManager(new ConfigurationManager());
    options.setLogEntryCodecFactory(LogEntryV2CodecFactory.getInstance());
    options.setNodeMetrics(new NodeMetrics(false));
    options.setRaftOptions(new RaftOptions());
    DiskLog storage = new DiskLog(directory, FILE_BYTES, 0);
    opened.add(storage);
    options.setLogStorage(storage);
    LogManagerImpl manager = new LogManagerImpl();
    assertThat(manager.init(options)).isTrue();
    return manager;
  }

  private void end(LogManagerImpl manager) throws InterruptedException {
    manager.shutdown();
    manager.join();
    opened.getLast().shutdown();
  }

  private static void append(LogManagerImpl manager, long from, int count, long term)
      throws Exception {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = from; index < from + count; index++) {
      entries.add(data(index, term, "entry " + index + " of " + term));
    }
    CompletableFuture<Status> done = new CompletableFuture<>();
    manager.appendEntries(
        entries,
        new LogManager.StableClosure() {
          @Override
          public void run(Status status) {
            boolean _ = done.complete(status);
          }
        });
    assertThat(done.get(60, TimeUnit.SECONDS).isOk()).isTrue();
  }

  @Test
  void damageStopsTheStartAndIsNeverHandedOut() throws IOException {
    append(1, 20, 1);
    reopen();
    Path file;
    try (Stream<Path> files = Files.list(directory)) {
      file = files.filter(path -> path.toString().endsWith(".log")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[200] ^= 1;
    Files.write(file, bytes);
    assertThat(
            Stream.iterate(1L, index -> index + 1)
                .limit(20)
                .filter(index -> log.getEntry(index) == null))
        .hasSize(1);
    assertThatThrownBy(this::reopen)
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining(file + " is damaged at byte");
  }

  @Test
  void whatDoesNotFollowIsRefused() {
    append(1, 2, 1);
    assertThatThrownBy(() -> append(4, 1, 1)).hasMessage("index: 4 (allowed: 3)");
  }

  private void reopen() {
    log.shutdown();
    open();
  }

  private void append(long from, int count, long term) {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = from; index < from + count; index++) {
      entries.add(data(index, term, "entry " + index));
    }
    assertThat(log.appendEntries(entries)).isEqualTo(count);
  }

  private static LogEntry data(long index, long term, String data) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
    entry.setId(new LogId(index, term));
    entry.setData(ByteBuffer.wrap(data.getBytes(UTF_8)));
    return entry;
  }

  private static LogEntry configuration(
      long index, List<PeerId> peers, @Nullable List<PeerId> before) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_CONFIGURATION);
    entry.setId(new LogId(index, 1));
    entry.setPeers(peers);
    entry.setLearners(List.of(new PeerId("learner", 1)));
    if (before != null) {
      entry.setOldPeers(before);
    }
    return entry;
  }
}
