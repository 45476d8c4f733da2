package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import io.cadastre.kv.peer.PeerChannels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a node that votes alone, and so leads again at once. */
final class GivingUpTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long APPLIED = 5_000;

  @TempDir private Path directory;
  private final Queue<Long> terms = new ConcurrentLinkedQueue<>();
  private final Queue<Long> asked = new ConcurrentLinkedQueue<>();
  private RaftSettings settings;
  private PeerChannels channels;
  private Node node;

  @BeforeEach
  void start() throws Exception {
    settings =
        new RaftSettings(
            System.nanoTime(),
            7,
            List.of(7L),
            directory,
            true,
            Duration.ofMillis(500),
            Duration.ofMillis(50),
            1_000);
    channels = new PeerChannels(null);
    node =
        RaftNodes.start(
            settings,
            channels,
            new Terms(),
            new MemoryLog(),
            RaftNodes.snapshots(settings, new RoomWait(directory)));
    await().atMost(LONG).until(() -> terms.size() == 1);
  }

  @AfterEach
  void stop() throws Exception {
    node.shutdown();
    node.join();
    RaftNodes.forget(settings);
    channels.close();
  }

  @Test
  void whoLeadsBeginsAnewInALaterTermWhereAllAreUpToDate() {
    givingUp(false).unlessMembersAreBehind(terms.element());
    await().atMost(LONG).until(() -> terms.size() == 2);
    assertThat(List.copyOf(terms)).isSorted().doesNotHaveDuplicates();
    assertThat(asked).containsExactly(APPLIED - node.getOptions().getCatchupMargin());
    await().atMost(LONG).until(() -> node.isLeader(false));
  }

  @Test
  void whoBringsOthersUpToDateGoesOn() {
    givingUp(true).unlessMembersAreBehind(terms.element());
    assertThat(asked).hasSize(1);
    assertThat(node.isLeader(true)).isTrue();
    assertThat(terms).hasSize(1);
  }

  private GivingUp givingUp(boolean membersAreBehind) {
    return new GivingUp(
        node,
        () -> APPLIED,
        index -> {
          asked.add(index);
          return CompletableFuture.completedFuture(membersAreBehind);
        },
        Runnable::run);
  }

  private final class Terms extends StateMachineAdapter {

    @Override
    public void onApply(Iterator entries) {
      while (entries.hasNext()) {
        var _ = entries.next();
      }
    }

    @Override
    public void onLeaderStart(long term) {
      terms.add(term);
    }
  }
}
