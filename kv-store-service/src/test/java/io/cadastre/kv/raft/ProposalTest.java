package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.kv.command.Command;
import org.junit.jupiter.api.Test;

/** Which leader a proposal may be given to. */
class ProposalTest {

  private static final Standing LEADING = new Standing(3, 1, true);
  private static final Standing FOLLOWING = new Standing(4, 2, false);
  private static final Standing LEADING_AGAIN = new Standing(5, 1, true);

  private final Proposal proposal =
      new Proposal(Command.getDefaultInstance(), 0, Proposal.ANY_TERM, null);

  @Test
  void whatALaterTermCutOffIsGivenToTheNextLeader() {
    assertThat(proposal.claim(LEADING.term())).isTrue();
    assertThat(proposal.claim(FOLLOWING.term())).isFalse();
    proposal.releaseBefore(FOLLOWING.term());
    assertThat(proposal.isTooLate(FOLLOWING)).isFalse();
    assertThat(proposal.claim(FOLLOWING.term())).isTrue();
  }

  /**
   * A leader that was paused or cut off finds its leases expired, which are kept alive by another
   * one meanwhile: they must live on.
   */
  @Test
  void whatALeaderDecidedByItsClockIsGivenToNoOtherAndNotToItselfLater() {
    Proposal ofOneTerm = new Proposal(Command.getDefaultInstance(), 0, LEADING.term(), null);
    assertThat(ofOneTerm.isTooLate(LEADING)).isFalse();
    assertThat(ofOneTerm.isTooLate(Standing.UNKNOWN)).isTrue();
    assertThat(ofOneTerm.isTooLate(FOLLOWING)).isTrue();
    assertThat(ofOneTerm.isTooLate(LEADING_AGAIN)).isTrue();
  }

  @Test
  void oneLeaderAtATimeIsGivenIt() {
    assertThat(proposal.claim(1)).isTrue();
    assertThat(proposal.claim(1)).isFalse();
    assertThat(proposal.claim(2)).isFalse();
  }

  @Test
  void whoRefusedItNeverTakesItAndAnotherMayBeGivenIt() {
    assertThat(proposal.claim(1)).isTrue();
    assertThat(proposal.release(1)).isTrue();
    assertThat(proposal.claim(2)).isTrue();
    assertThat(proposal.release(1)).isFalse();
    assertThat(proposal.claim(3)).isFalse();
  }

  @Test
  void whatWasLostIsGivenToTheSameLeaderAgainButToNoOther() {
    assertThat(proposal.claim(1)).isTrue();
    proposal.lose(1);
    assertThat(proposal.claim(2)).isFalse();
    assertThat(proposal.claim(1)).isTrue();
    assertThat(proposal.claim(1)).isFalse();
  }

  @Test
  void whatWasGivenTwiceMayHaveBeenTakenAlthoughItIsRefused() {
    assertThat(proposal.claim(1)).isTrue();
    proposal.lose(1);
    assertThat(proposal.claim(1)).isTrue();
    assertThat(proposal.release(1)).isFalse();
    assertThat(proposal.claim(2)).isFalse();
    assertThat(proposal.claim(1)).isTrue();
  }

  @Test
  void whenALaterTermHasBegunTheNextLeaderIsGivenIt() {
    assertThat(proposal.claim(1)).isTrue();
    proposal.lose(1);
    proposal.releaseBefore(2);
    assertThat(proposal.wasLost()).isTrue();
    assertThat(proposal.claim(2)).isTrue();
    assertThat(proposal.release(2)).isTrue();
  }
}
