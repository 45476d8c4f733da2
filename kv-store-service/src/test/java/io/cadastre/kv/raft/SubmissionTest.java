package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.error.RaftError;
import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.contracts.kv.command.TermBegan;
import io.cadastre.contracts.kv.peer.ForwardRequest;
import io.cadastre.contracts.kv.peer.ForwardResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SubmissionTest {

  private static final long SELF = 1;
  private static final Command TERM_BEGAN =
      Command.newBuilder().setTermBegan(TermBegan.getDefaultInstance()).build();

  /** What JRaft was given and took, by what is put or else what kind it is. */
  private final List<String> log = new ArrayList<>();

  private final Queue<Runnable> scheduled = new ArrayDeque<>();
  private final Waiting waiting = new Waiting(SELF);
  private Standing standing = Standing.UNKNOWN;
  private long nodeTerm;
  private final Submission submission =
      new Submission(waiting, new Nobody(), () -> standing, clock());

  @BeforeEach
  void begin() {
    submission.begin(node());
  }

  @Test
  void whatOthersGiveIsRefusedUntilTheTermBegan() {
    elect(5);
    assertThat(accepted(5, "a", "b").getRefusedList()).containsExactly(0, 1);
    assertThat(log).isEmpty();
    submission.lead(TERM_BEGAN, 5);
    // It counts as not taken: it may be given again.
    CompletableFuture<ForwardResponse> _ = submission.accept(request(5, "a", "b"));
    assertThat(log).containsExactly("TERM_BEGAN", "a", "b");
  }

  @Test
  void whatIsProposedHereWaitsUntilTheTermBegan() {
    elect(5);
    propose("a");
    runScheduled();
    assertThat(log).isEmpty();
    submission.lead(TERM_BEGAN, 5);
    runScheduled();
    propose("b");
    assertThat(log).containsExactly("TERM_BEGAN", "a", "b");
  }

  @Test
  void theNextTermBeginsAnew() {
    elect(5);
    submission.lead(TERM_BEGAN, 5);
    elect(7);
    propose("a");
    assertThat(accepted(7, "b").getRefusedList()).containsExactly(0);
    assertThat(log).containsExactly("TERM_BEGAN");
    submission.lead(TERM_BEGAN, 7);
    runScheduled();
    assertThat(log).containsExactly("TERM_BEGAN", "TERM_BEGAN", "a");
  }

  @Test
  void whatWasMeantForAnEarlierTermIsNotTakenInThisOne() {
    elect(5);
    submission.lead(TERM_BEGAN, 5);
    elect(7);
    submission.lead(TERM_BEGAN, 7);
    assertThat(accepted(5, "a").getRefusedList()).containsExactly(0);
    // Nor does it begin a second time.
    submission.lead(TERM_BEGAN, 5);
    assertThat(log).containsExactly("TERM_BEGAN", "TERM_BEGAN");
    propose("b");
    assertThat(log).endsWith("b");
  }

  @Test
  void whoSawItsTermEndBeforeJRaftWasAskedIsGivenToTheNext() {
    elect(5);
    submission.lead(TERM_BEGAN, 5);
    // JRaft is further than what was told of it.
    nodeTerm = 7;
    propose("a");
    assertThat(log).containsExactly("TERM_BEGAN");
    elect(7);
    submission.lead(TERM_BEGAN, 7);
    runScheduled();
    assertThat(log).containsExactly("TERM_BEGAN", "TERM_BEGAN", "a");
  }

  private void elect(long term) {
    nodeTerm = term;
    standing = new Standing(term, SELF, true);
  }

  private void propose(String key) {
    submission.submit(
        waiting.add(command(key).toBuilder(), Long.MAX_VALUE, Proposal.ANY_TERM, null));
  }

  private ForwardResponse accepted(long term, String... keys) {
    CompletableFuture<ForwardResponse> answer = submission.accept(request(term, keys));
    assertThat(answer).isCompleted();
    return answer.join();
  }

  private static ForwardRequest request(long term, String... keys) {
    ForwardRequest.Builder request =
        ForwardRequest.newBuilder().setTerm(term).setMember(2).setFirstSequence(1);
    for (String key : keys) {
      request
          .addSequences(1 + request.getSequencesCount())
          .addCommands(command(key).toByteString());
    }
    return request.build();
  }

  private static Command command(String key) {
    return Command.newBuilder()
        .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
        .build();
  }

  private void runScheduled() {
    List<Runnable> due = List.copyOf(scheduled);
    scheduled.clear();
    due.forEach(Runnable::run);
  }

  /** One that takes what is meant for its term. */
  private Node node() {
    return handMade(
        Node.class,
        (_, method, arguments) -> {
          assertThat(method.getName()).isEqualTo("apply");
          take((Task) arguments[0]);
          return null;
        });
  }

  private void take(Task task) {
    if (task.getExpectedTerm() != nodeTerm) {
      task.getDone().run(new Status(RaftError.EPERM, "expected_term=… doesn't match current_term"));
      return;
    }
    EntryContent.commands(1, task.getData())
        .forEach(command ->
            log.add(
                command.hasPut()
                    ? command.getPut().getKey().toStringUtf8()
                    : command.getRequestCase().name()));
  }

  /** One on which time does not go by, but by {@link #runScheduled}. */
  private ScheduledExecutorService clock() {
    return handMade(
        ScheduledExecutorService.class,
        (_, method, arguments) ->
            switch (method.getName()) {
              case "isShutdown" -> false;
              case "schedule" -> {
                scheduled.add((Runnable) arguments[0]);
                yield null;
              }
              case "execute" -> {
                ((Runnable) arguments[0]).run();
                yield null;
              }
              case "hashCode" -> System.identityHashCode(scheduled);
              case "equals" -> true;
              default -> throw new AssertionError(method);
            });
  }

  private static <T> T handMade(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static final class Nobody implements Others {

    @Override
    public CompletableFuture<ForwardResponse> forward(long member, ForwardRequest request) {
      throw new AssertionError("given to member " + member);
    }

    @Override
    public CompletableFuture<Long> appliedIndex(long member) {
      throw new AssertionError("asked: " + member);
    }
  }
}
