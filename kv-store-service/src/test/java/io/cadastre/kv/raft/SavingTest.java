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
  private boolean hasRoom = true;
  private boolean isLogNeeded;
  private long stateBytes = STATE_BYTES;
  private final Saving saving =
      new Saving(
          node(),
          Runnable::run,
          100,
          () -> hasRoom,
          () -> CompletableFuture.completedFuture(isLogNeeded),
          () -> stateBytes);

  @Test
  void itIsSavedAfterSoManyCommandsOneAtATime() {
    look(99);
    assertThat(begun).isEmpty();
    look(100);
    look(300);
    end(Status.OK());
    look(199);
    assertThat(begun).isEmpty();
    look(200);
    end(Status.OK());
  }

  @Test
  void whatFailedIsTriedAgainAfterAsMany() {
    look(100);
    end(new Status(RaftError.EBUSY, "busy"));
    look(199);
    assertThat(begun).isEmpty();
    look(200);
    end(Status.OK());
  }

  @Test
  void itWaitsForRoomOnTheDisk() {
    hasRoom = false;
    look(100);
    assertThat(begun).isEmpty();
    hasRoom = true;
    look(100);
    end(Status.OK());
  }

  @Test
  void oneThatIsAskedForFollowsAtOnceAndOnce() {
    saving.saveSoon();
    look(5);
    end(Status.OK());
    look(6);
    assertThat(begun).isEmpty();
  }

  @Test
  void oneThatIsAskedForWhileAnotherIsUnderWayFollowsIt() {
    look(100);
    saving.saveSoon();
    look(101);
    end(Status.OK());
    look(101);
    end(Status.OK());
  }

  @Test
  void itWaitsWhileSomebodyNeedsTheLog() {
    isLogNeeded = true;
    look(100, STATE_BYTES - 1);
    assertThat(begun).isEmpty();
    isLogNeeded = false;
    look(100, STATE_BYTES - 1);
    end(Status.OK());
  }

  @Test
  void itDoesNotWaitWhereTheLogIsAsLargeAsTheState() {
    isLogNeeded = true;
    look(100, STATE_BYTES);
    end(Status.OK());
    stateBytes = 0;
    look(200, STATE_BYTES + Saving.KEPT_BYTES - 1);
    assertThat(begun).isEmpty();
    look(200, STATE_BYTES + Saving.KEPT_BYTES);
    end(Status.OK());
  }

  private void look(long commands) {
    look(commands, 0);
  }

  private void look(long commands, long bytes) {
    saving.look(commands, bytes, 7);
  }

  /** Of the only one that began. */
  private void end(Status status) {
    assertThat(begun).hasSize(1);
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
