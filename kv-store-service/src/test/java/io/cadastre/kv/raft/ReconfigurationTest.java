package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.error.RaftError;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.command.TermBegan;
import io.cadastre.kv.cluster.Members;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.mvcc.MvccStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order Raft's configuration follows the members, while member 1 leads. */
final class ReconfigurationTest {

  private static final long TERM = 3;

  private final MvccStore store = MvccStore.open(new MemoryEngine());
  private final Members members = new Members();
  private final Map<Long, CompletableFuture<?>> reached = new TreeMap<>();
  private Configuration configuration = PeerIds.configuration(List.of(1L, 2L, 3L));
  private Configuration asked = new Configuration();
  private Closure done = _ -> {};
  private int transfers;

  private final Reconfiguration reconfiguration =
      new Reconfiguration(
          node(),
          1,
          id -> reached.getOrDefault(id, CompletableFuture.completedFuture(null)),
          new StuckChange(Duration.ofDays(1), _ -> {}, _ -> {}, () -> 0));

  @BeforeEach
  void begin() {
    TermBegan.Builder term = TermBegan.newBuilder();
    LongStream.rangeClosed(1, 3).forEach(id -> term.addInitialMembers(member(id)));
    members.begin(store, term.build());
  }

  @Test
  void whereNothingIsToDoNothingIsDone() {
    assertThat(step()).isFalse();
    assertThat(asked.isEmpty()).isTrue();
  }

  @Test
  void whoComesIsAdmittedBeforeWhoGoesIsDismissed() {
    replace(2);
    assertThat(step()).isTrue();
    assertVotersAsked(1, 2, 3, 4);
    end(Status.OK());
    assertThat(step()).isTrue();
    assertVotersAsked(1, 3, 4);
    end(Status.OK());
    assertThat(step()).isFalse();
  }

  @Test
  void aLeaderThatGoesAdmitsFirstAndHandsOverThen() {
    replace(1);
    boolean _ = step();
    assertThat(transfers).isZero();
    assertVotersAsked(1, 2, 3, 4);
    end(Status.OK());
    boolean _ = step();
    assertThat(transfers).isEqualTo(1);
  }

  @Test
  void whoGoesDoesNotWaitForWhoCannotBeReached() {
    reached.put(4L, CompletableFuture.failedFuture(new IllegalStateException("down")));
    replace(2);
    assertThat(step()).as("under way").isFalse();
    boolean _ = step();
    assertVotersAsked(1, 3);
    end(Status.OK());
    reached.clear();
    boolean _ = step();
    assertVotersAsked(1, 3, 4);
  }

  @Test
  void whoGoesDoesNotWaitForWhoDoesNotCatchUpNorTheOtherWayRound() {
    replace(2);
    boolean _ = step();
    assertVotersAsked(1, 2, 3, 4);
    end(new Status(RaftError.ECATCHUP, "too slow"));
    boolean _ = step();
    assertVotersAsked(1, 3);
    end(new Status(RaftError.EBUSY, "another change"));
    boolean _ = step();
    assertVotersAsked(1, 2, 3, 4);
  }

  @Test
  void whoIsPromotedIsNoLearnerAnyMoreFirst() {
    boolean _ = configuration.addLearner(PeerIds.of(4));
    replace(2);
    boolean _ = step();
    assertVotersAsked(1, 2, 3);
    assertThat(asked.getLearners()).isEmpty();
    end(Status.OK());
    boolean _ = step();
    assertVotersAsked(1, 2, 3, 4);
  }

  /** One goes and member 4 comes; nothing of it is in Raft's configuration yet. */
  private void replace(long id) {
    var _ = members.add(store, member(4));
    var _ = members.remove(store, id);
  }

  private static Member member(long id) {
    return Member.newBuilder().setID(id).addPeerURLs("http://m" + id + ":2380").build();
  }

  private boolean step() {
    return reconfiguration.step(members, TERM);
  }

  private void assertVotersAsked(long... ids) {
    assertThat(asked.getPeers().stream().map(PeerIds::member))
        .containsExactlyInAnyOrderElementsOf(LongStream.of(ids).boxed().toList());
  }

  private void end(Status status) {
    if (status.isOk()) {
      configuration = asked;
    }
    done.run(status);
  }

  private Node node() {
    return (Node)
        Proxy.newProxyInstance(
            Node.class.getClassLoader(),
            new Class<?>[] {Node.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "listPeers" -> configuration.listPeers();
                  case "listLearners" -> configuration.listLearners();
                  case "changePeers" -> {
                    asked = (Configuration) arguments[0];
                    done = (Closure) arguments[1];
                    yield null;
                  }
                  case "transferLeadershipTo" -> {
                    transfers++;
                    yield Status.OK();
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
