package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.StateMachine;
import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.entity.NodeId;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import io.cadastre.kv.cluster.ClusterIds;
import io.cadastre.kv.log.LogFiles;
import io.cadastre.kv.peer.PeerChannels;
import io.cadastre.kv.peer.PeerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts JRaft's nodes as we want them. */
final class RaftNodes {

  static {
    ProtobufMsgFactory.load();
  }

  /** They wake each other; nothing that they do takes long. */
  private static final int TIMER_THREADS = 1;

  private static final long MOST_UNWRITTEN_BYTES = Waiting.MOST_BYTES;

  private RaftNodes() {}

  static Node start(
      RaftSettings settings,
      PeerChannels channels,
      StateMachine applying,
      LogStorage log,
      DiskSnapshots snapshots)
      throws IOException {
    PeerId self = PeerIds.of(settings.memberId());
    PeerOptions options = new PeerOptions(channels);
    options.setFsm(applying);
    options.setInitialConf(PeerIds.configuration(settings.voters()));
    options.setElectionTimeoutMs((int) settings.electionTimeout().toMillis());
    options.setLogUri(logDirectory(settings).toString());
    options.setRaftMetaUri(directory(settings, "vote").toString());
    options.setSnapshotUri(snapshotDirectory(settings).toString());
    // By the number of entries, not by time.
    options.setSnapshotIntervalSecs(0);
    options.setDisableCli(true);
    // Those of its own tick a thousand times a second each; see also ElectionTimers.
    options.setSharedStepDownTimer(true);
    options.setSharedSnapshotTimer(true);
    options.setTimerPoolSize(TIMER_THREADS);
    options.setServiceFactory(new Given(log, snapshots));
    options.setRaftOptions(raftOptions(settings));
    NodeManager.getInstance().addAddress(self.getEndpoint());
    String group = group(settings);
    return GroupThreads.startNode(
        group,
        channels.writing(),
        () -> RaftServiceFactory.createAndInitRaftNode(group, self, options));
  }

  private static String group(RaftSettings settings) {
    // It has to begin with a letter.
    return "cluster-" + ClusterIds.text(settings.clusterId());
  }

  /** The log of a member, to be opened by JRaft. */
  static DiskLog diskLog(RaftSettings settings, long leastIndex) throws IOException {
    return new DiskLog(logDirectory(settings), LogFiles.FILE_BYTES, leastIndex);
  }

  /** Where the state of a member is saved, to be opened by JRaft. */
  static DiskSnapshots snapshots(RaftSettings settings, RoomWait room) throws IOException {
    return new DiskSnapshots(snapshotDirectory(settings), raftOptions(settings), room);
  }

  private static Path snapshotDirectory(RaftSettings settings) throws IOException {
    return directory(settings, "snapshot");
  }

  private static Path logDirectory(RaftSettings settings) throws IOException {
    return directory(settings, "log");
  }

  private static Path directory(RaftSettings settings, String name) throws IOException {
    return Files.createDirectories(settings.directory().resolve(name));
  }

  private static RaftOptions raftOptions(RaftSettings settings) {
    long election = settings.electionTimeout().toMillis();
    RaftOptions options = new RaftOptions();
    options.setSync(true);
    options.setSyncMeta(true);
    // On the disk and on the way to others what counts is checked by sums that processors know.
    options.setEnableLogEntryChecksum(false);
    // A soft limit: a disk that cannot follow makes it refuse instead of growing.
    options.setMaxLogsInMemoryBytes(MOST_UNWRITTEN_BYTES);
    options.setOpenStatistics(false);
    options.setElectionHeartbeatFactor(
        (int) Math.max(2, election / settings.heartbeatInterval().toMillis()));
    // Members do not stand for election at the same moment.
    options.setMaxElectionDelayMs((int) Math.max(1, election / 2));
    return options;
  }

  static void forget(RaftSettings settings) {
    ElectionTimers.forget(new NodeId(group(settings), PeerIds.of(settings.memberId())).toString());
    boolean _ =
        NodeManager.getInstance().removeAddress(PeerIds.of(settings.memberId()).getEndpoint());
  }

  private static final class Given extends DefaultJRaftServiceFactory {

    private final LogStorage log;
    private final DiskSnapshots snapshots;

    Given(LogStorage log, DiskSnapshots snapshots) {
      this.log = log;
      this.snapshots = snapshots;
    }

    @Override
    public LogStorage createLogStorage(String uri, RaftOptions options) {
      return log;
    }

    @Override
    public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions options) {
      return new DiskVote(Path.of(uri, "vote"));
    }

    @Override
    public SnapshotStorage createSnapshotStorage(NodeOptions options) {
      return snapshots;
    }
  }
}
