package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.kv.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReachabilityTest {

  private static final long SELF = 1;
  private static final List<Member> MEMBERS = List.of(member(SELF), member(2), member(3));

  private final Map<Long, CompletableFuture<Void>> answers = new HashMap<>();
  private final List<Long> asked = new ArrayList<>();
  private long nanos = Long.MAX_VALUE;
  private final Reachability reachability =
      new Reachability(
          SELF,
          id -> {
            asked.add(id);
            CompletableFuture<Void> answer = new CompletableFuture<>();
            answers.put(id, answer);
            return answer;
          },
          () -> nanos);

  private static Member member(long id) {
    return Member.newBuilder().setID(id).build();
  }

  private long reachedFor(Duration duration) {
    return reachability.countReached(MEMBERS, duration);
  }

  private CompletableFuture<Void> asked(long id) {
    return Objects.requireNonNull(answers.get(id));
  }

  private void answer(long id) {
    boolean _ = asked(id).complete(null);
  }

  private void refuse(long id) {
    boolean _ = asked(id).completeExceptionally(new IOException("nobody is there"));
  }

  @Test
  void countsWhoAnsweredAllThatWhile() {
    reachability.askUnreached(MEMBERS);
    answer(2);
    nanos += Duration.ofSeconds(5).toNanos();
    assertThat(reachedFor(Duration.ofSeconds(5))).isEqualTo(2);
    assertThat(reachedFor(Duration.ofSeconds(6))).isEqualTo(1);

    answer(3);
    assertThat(reachedFor(Duration.ZERO)).isEqualTo(3);
    assertThat(reachedFor(Duration.ofSeconds(5))).isEqualTo(2);
  }

  @Test
  void whoDoesNotAnswerIsReachedNoMore() {
    CompletableFuture<Void> _ = reachability.ask(MEMBERS);
    answer(2);
    answer(3);
    CompletableFuture<Void> known = reachability.ask(MEMBERS);
    answer(2);
    refuse(3);

    assertThat(known).isDone();
    assertThat(reachability.isReached(2)).isTrue();
    assertThat(reachability.isReached(3)).isFalse();
  }

  @Test
  void inBetweenOnlyWhoIsNotReachedIsAskedAndOnceAtATime() {
    reachability.askUnreached(MEMBERS);
    reachability.askUnreached(MEMBERS);
    assertThat(asked).containsExactly(2L, 3L);

    answer(2);
    refuse(3);
    reachability.askUnreached(MEMBERS);
    assertThat(asked).containsExactly(2L, 3L, 3L);
  }
}
