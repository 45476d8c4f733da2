package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.kv.command.Command;
import org.junit.jupiter.api.Test;

/** Which leader a proposal may be given to. */
class ProposalTest {

  private static final Standing LEADING = new Standing(3, 1, true);
  private static final Standing FOLLOWING = new Standing(4, 2, false);
  private static final Standing LEADING_AGAIN = new Standing(5, 1, true);

  @Test
  void whatALaterTermCutOffIsGivenToTheNextLeader() {
    Proposal proposal = new Proposal(Command.getDefaultInstance(), 0, Proposal.ANY_TERM, null);
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
    Proposal proposal = new Proposal(Command.getDefaultInstance(), 0, LEADING.term(), null);
    assertThat(proposal.isTooLate(LEADING)).isFalse();
    assertThat(proposal.isTooLate(Standing.UNKNOWN)).isTrue();
    assertThat(proposal.isTooLate(FOLLOWING)).isTrue();
    assertThat(proposal.isTooLate(LEADING_AGAIN)).isTrue();
  }
}
