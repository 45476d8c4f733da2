package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.kv.peer.ForwardRequest;
import org.junit.jupiter.api.Test;

final class TakenNumbersTest {

  private static final long FIRST = Long.MAX_VALUE - 1;

  private final TakenNumbers taken = new TakenNumbers();

  @Test
  void eachIsTakenOnceInWhateverOrderTheyCome() {
    assertThat(taken.take(request(1, 2, 0))).containsExactly(0, 1);
    assertThat(taken.take(request(1, 0, 1, 2, 3))).containsExactly(1, 3);
    assertThat(taken.take(request(1, 1, 3))).isEmpty();
  }

  @Test
  void whatWasNotTakenAfterAllIsTakenTheNextTime() {
    ForwardRequest request = request(1, 0, 1, 2);
    taken.giveBack(request, taken.take(request));
    assertThat(taken.take(request(1, 1))).containsExactly(0);
    assertThat(taken.take(request)).containsExactly(0, 2);
  }

  @Test
  void aNewTermBeginsAnewAndAnOldOneIsLeftToWhoRefusesIt() {
    assertThat(taken.take(request(1, 0))).containsExactly(0);
    assertThat(taken.take(request(2, 0))).containsExactly(0);
    assertThat(taken.take(request(1, 0, 1))).containsExactly(0, 1);
    assertThat(taken.take(request(2, 0, 1))).containsExactly(1);
  }

  @Test
  void membersAndTheirProcessesCountOnTheirOwn() {
    assertThat(taken.take(request(1, 0))).containsExactly(0);
    ForwardRequest other = request(1, 0).toBuilder().setMember(8).build();
    assertThat(taken.take(other)).containsExactly(0);
    ForwardRequest restarted = request(1, 0).toBuilder().setFirstSequence(5).build();
    assertThat(taken.take(restarted)).containsExactly(0);
    assertThat(taken.take(request(1, 0))).isEmpty();
  }

  @Test
  void whatIsTooOldToBeRememberedIsNotTaken() {
    assertThat(taken.take(request(1, 0))).containsExactly(0);
    assertThat(taken.take(request(1, TakenNumbers.REMEMBERED + 1))).containsExactly(0);
    assertThat(taken.take(request(1, 0, 1))).isEmpty();
    assertThat(taken.take(request(1, 2, 3))).containsExactly(0, 1);
    assertThat(taken.take(request(1, 10L * TakenNumbers.REMEMBERED))).containsExactly(0);
    assertThat(taken.take(request(1, 10L * TakenNumbers.REMEMBERED - 1))).containsExactly(0);
    assertThat(taken.take(request(1, 10L * TakenNumbers.REMEMBERED))).isEmpty();
  }

  private static ForwardRequest request(long term, long... numbers) {
    ForwardRequest.Builder request =
        ForwardRequest.newBuilder().setTerm(term).setMember(7).setFirstSequence(FIRST);
    for (long number : numbers) {
      request.addSequences(FIRST + number);
    }
    return request.build();
  }
}
