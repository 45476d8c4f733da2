package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.codec.LogEntryCodecFactory;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import io.cadastre.kv.log.Entry;
import io.cadastre.kv.log.LogDamagedException;
import io.cadastre.kv.log.LogFiles;
import io.cadastre.kv.log.NoSpaceException;
import io.cadastre.kv.metrics.Histogram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The log on disk as JRaft asks for it: each of its calls is durable when it returns.
 *
 * <p>Where the disk is full it waits: JRaft would give the member up for good. Meanwhile {@link
 * #hasRoom} has been false for half a file of the log, so that clients were refused long before.
 */
final class DiskLog implements LogStorage {

  private static final Logger LOG = System.getLogger(DiskLog.class.getName());
  private static final long ROOM_LOOKED_FOR_EVERY_MILLIS = 200;
  private static final LogEntryCodecFactory CODEC = LogEntryV2CodecFactory.getInstance();

  /** Little, so that an idle member does little. */
  private static final long VERIFIED_BYTES = 4 << 20;

  private static final int DATA = EntryType.ENTRY_TYPE_DATA_VALUE;

  private final Path directory;
  private final int fileBytes;
  private final long leastIndex;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Histogram appends = Histogram.ofDisk();
  private final NewestEntries newest = new NewestEntries();
  private @Nullable LogFiles files;

  /** The entry that was read again last. */
  private long verified;

  /**
   * Makes it; it is opened by {@link #init}.
   *
   * @param leastIndex up to where it must reach
   */
  DiskLog(Path directory, int fileBytes, long leastIndex) {
    this.directory = directory;
    this.fileBytes = fileBytes;
    this.leastIndex = leastIndex;
  }

  /**
   * Opens the log.
   *
   * @throws LogDamagedException where it does not hold what was written to it
   */
  @Override
  public boolean init(LogStorageOptions options) {
    try {
      LogFiles opened = LogFiles.open(directory, fileBytes);
      files = opened;
      if (opened.lastIndex() < leastIndex) {
        throw new LogDamagedException(
            directory
                + " ends with entry "
                + opened.lastIndex()
                + ", but the store holds entry "
                + leastIndex);
      }
      for (long index : opened.ofKind(EntryType.ENTRY_TYPE_CONFIGURATION_VALUE)) {
        configure(options.getConfigurationManager(), index);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the log in " + directory, e);
    }
  }

  private void configure(@Nullable ConfigurationManager configurations, long index) {
    LogEntry entry = getEntry(index);
    if (entry == null || configurations == null) {
      return;
    }
    ConfigurationEntry configuration = new ConfigurationEntry();
    configuration.setId(new LogId(index, entry.getId().getTerm()));
    configuration.setConf(new Configuration(entry.getPeers(), entry.getLearners()));
    if (entry.getOldPeers() != null) {
      configuration.setOldConf(new Configuration(entry.getOldPeers(), entry.getOldLearners()));
    }
    boolean _ = configurations.add(configuration);
  }

  private LogFiles files() {
    if (files == null) {
      throw new IllegalStateException("the log in " + directory + " is not open");
    }
    return files;
  }

  /** How long it took to write and sync. */
  Histogram appends() {
    return appends;
  }

  /** Whether there is room for more than what frees room. */
  boolean hasRoom() {
    return files == null || files.hasRoom();
  }

  /**
   * Reads the next entries again, and after the last begins with the first.
   *
   * @throws LogDamagedException where one is not what was written
   */
  synchronized void verify() {
    LogFiles opened = files();
    verified = Math.max(verified, opened.firstIndex() - 1);
    long last = opened.lastIndex();
    try {
      for (long bytes = 0; verified < last && bytes < VERIFIED_BYTES; verified++) {
        // Where it was cut off meanwhile there is nothing to read; a damaged one is read again.
        Entry entry = opened.entry(verified + 1);
        bytes += entry == null ? 0 : entry.content().length;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the log in " + directory, e);
    }
    if (verified >= opened.lastIndex()) {
      verified = 0;
    }
  }

  /** Waits for room no more. To be called before JRaft is shut down, which waits for this. */
  void stop() {
    stopped.countDown();
  }

  @Override
  public void shutdown() {
    stop();
    if (files != null) {
      try {
        files.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public long getFirstLogIndex() {
    return files().firstIndex();
  }

  /** JRaft knows an empty log by a zero, wherever it begins. */
  @Override
  public long getLastLogIndex() {
    long last = files().lastIndex();
    return last < files().firstIndex() ? 0 : last;
  }

  @Override
  @Deprecated
  public long getTerm(long index) {
    return files().term(index);
  }

  /** Null is what stops the member, where JRaft needs the entry. */
  @Override
  public @Nullable LogEntry getEntry(long index) {
    LogEntry known = newest.get(index);
    if (known != null) {
      return known;
    }
    try {
      Entry entry = files().entry(index);
      return entry == null ? null : decoded(entry);
    } catch (IOException | LogDamagedException e) {
      LOG.log(Level.ERROR, "cannot read entry " + index + " of the log", e);
      return null;
    }
  }

  @Override
  public boolean appendEntry(LogEntry entry) {
    return appendEntries(List.of(entry)) == 1;
  }

  @Override
  public int appendEntries(List<LogEntry> entries) {
    List<Entry> encoded = new ArrayList<>(entries.size());
    for (LogEntry entry : entries) {
      encoded.add(encoded(entry));
    }
    long began = System.nanoTime();
    boolean done =
        change(() -> {
          boolean _ = files().append(encoded);
        });
    appends.add(System.nanoTime() - began);
    if (!done) {
      return 0;
    }
    newest.add(entries);
    return entries.size();
  }

  @Override
  public boolean truncatePrefix(long firstKept) {
    return change(() -> {
      files().truncatePrefix(firstKept);
      newest.cutBefore(firstKept);
    });
  }

  @Override
  public boolean truncateSuffix(long lastKept) {
    newest.cutAfter(lastKept);
    return change(() -> files().truncateSuffix(lastKept));
  }

  @Override
  public boolean reset(long next) {
    newest.cutAfter(-1);
    return change(() -> files().reset(next));
  }

  private boolean change(Change change) {
    boolean told = false;
    while (true) {
      try {
        change.run();
        return true;
      } catch (NoSpaceException e) {
        if (!told) {
          LOG.log(Level.ERROR, "the log waits for room on the disk", e);
          told = true;
        }
        if (isStopped()) {
          return false;
        }
      } catch (IOException e) {
        LOG.log(Level.ERROR, "cannot write to the log in " + directory, e);
        return false;
      }
    }
  }

  private boolean isStopped() {
    try {
      return stopped.await(ROOM_LOOKED_FOR_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Of commands the bytes themselves, of all else what JRaft makes of it. */
  private static Entry encoded(LogEntry entry) {
    LogId id = entry.getId();
    int kind = entry.getType().getNumber();
    byte[] content = kind == DATA ? bytes(entry.getData()) : CODEC.encoder().encode(entry);
    return new Entry(id.getIndex(), id.getTerm(), kind, content);
  }

  private static byte[] bytes(@Nullable ByteBuffer data) {
    if (data == null) {
      return new byte[0];
    }
    if (data.hasArray() && data.arrayOffset() == 0 && data.array().length == data.remaining()) {
      return data.array();
    }
    byte[] copy = new byte[data.remaining()];
    data.get(data.position(), copy);
    return copy;
  }

  private static LogEntry decoded(Entry entry) {
    LogEntry decoded;
    if (entry.kind() == DATA) {
      decoded = new LogEntry(EntryType.ENTRY_TYPE_DATA);
      decoded.setId(new LogId(entry.index(), entry.term()));
      decoded.setData(ByteBuffer.wrap(entry.content()));
    } else {
      decoded = CODEC.decoder().decode(entry.content());
    }
    return decoded;
  }

  @FunctionalInterface
  private interface Change {
    void run() throws IOException;
  }
}
