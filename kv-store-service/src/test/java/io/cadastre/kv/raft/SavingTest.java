package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class SavingTest {

  private final Queue<Closure> begun = new ArrayDeque<>();
  private final Saving saving = new Saving(node(), Runnable::run, 100);

  @Test
  void itIsDueAfterSoManyCommandsOneAtATime() {
    assertThat(saving.isDue(99)).isFalse();
    assertThat(saving.isDue(100)).isTrue();
    saving.save(100, 7);
    assertThat(saving.isDue(300)).isFalse();
    end(Status.OK());
    assertThat(saving.isDue(199)).isFalse();
    assertThat(saving.isDue(200)).isTrue();
  }

  @Test
  void whatFailedIsTriedAgainAfterAsMany() {
    saving.save(100, 7);
    end(new Status(RaftError.EBUSY, "busy"));
    assertThat(saving.isDue(199)).isFalse();
    assertThat(saving.isDue(200)).isTrue();
  }

  @Test
  void oneThatIsAskedForIsDueAtOnceAndOnce() {
    saving.saveSoon();
    assertThat(saving.isDue(5)).isTrue();
    saving.save(5, 7);
    end(Status.OK());
    assertThat(saving.isDue(6)).isFalse();
  }

  @Test
  void oneThatIsAskedForWhileAnotherIsUnderWayFollowsIt() {
    saving.save(100, 7);
    saving.saveSoon();
    assertThat(saving.isDue(101)).isFalse();
    end(Status.OK());
    assertThat(saving.isDue(101)).isTrue();
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
