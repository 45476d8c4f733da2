package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SavingTest {

  private static final long STATE_BYTES = 2 * Saving.KEPT_BYTES;

  private final Queue<Closure> begun = new ArrayDeque<>();
  private boolean isLogNeeded;
  private long stateBytes = STATE_BYTES;
  private final Saving saving =
      new Saving(
          node(),
          Runnable::run,
          100,
          () -> CompletableFuture.completedFuture(isLogNeeded),
          () -> stateBytes);

  @Test
  void itIsDueAfterSoManyCommandsOneAtATime() {
    assertThat(saving.isDue(99)).isFalse();
    assertThat(saving.isDue(100)).isTrue();
    saving.save(100, 0, 7);
    assertThat(saving.isDue(300)).isFalse();
    end(Status.OK());
    assertThat(saving.isDue(199)).isFalse();
    assertThat(saving.isDue(200)).isTrue();
  }

  @Test
  void whatFailedIsTriedAgainAfterAsMany() {
    saving.save(100, 0, 7);
    end(new Status(RaftError.EBUSY, "busy"));
    assertThat(saving.isDue(199)).isFalse();
    assertThat(saving.isDue(200)).isTrue();
  }

  @Test
  void oneThatIsAskedForIsDueAtOnceAndOnce() {
    saving.saveSoon();
    assertThat(saving.isDue(5)).isTrue();
    saving.save(5, 0, 7);
    end(Status.OK());
    assertThat(saving.isDue(6)).isFalse();
  }

  @Test
  void oneThatIsAskedForWhileAnotherIsUnderWayFollowsIt() {
    saving.save(100, 0, 7);
    saving.saveSoon();
    assertThat(saving.isDue(101)).isFalse();
    end(Status.OK());
    assertThat(saving.isDue(101)).isTrue();
  }

  @Test
  void itWaitsWhileSomebodyNeedsTheLog() {
    isLogNeeded = true;
    saving.save(100, STATE_BYTES - 1, 7);
    assertThat(begun).isEmpty();
    assertThat(saving.isDue(100)).isTrue();
    isLogNeeded = false;
    saving.save(100, STATE_BYTES - 1, 7);
    end(Status.OK());
    assertThat(saving.isDue(100)).isFalse();
  }

  @Test
  void itDoesNotWaitWhereTheLogIsAsLargeAsTheState() {
    isLogNeeded = true;
    saving.save(100, STATE_BYTES, 7);
    end(Status.OK());
    stateBytes = 0;
    saving.save(200, STATE_BYTES + Saving.KEPT_BYTES - 1, 7);
    assertThat(begun).isEmpty();
    saving.save(200, STATE_BYTES + Saving.KEPT_BYTES, 7);
    end(Status.OK());
  }

  private void end(Status status) {
    begun.remove().run(status);
  }

  /** One that is asked for snapshots, and nothing else. */
  private Node node() {
    return (Node)
        Proxy.newProxyInstance(
            Node.class.getClassLoader(),
            new Class<?>[] {Node.class},
            (_, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("snapshot");
              begun.add((Closure) arguments[0]);
              return null;
            });
  }
}
