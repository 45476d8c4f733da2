package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.PutResponse;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatheringTest {

  private static final Executor ENDED =
      _ -> {
        throw new RejectedExecutionException();
      };

  private final Waiting waiting = new Waiting(1);
  private final List<Batch> given = new ArrayList<>();
  private final List<Runnable> turn = new ArrayList<>();
  private final Executor loop = turn::add;
  private final Gathering gathering =
      new Gathering(term -> new Batch(term, waiting, () -> {}), given::add);

  @Test
  void whatIsProposedInOneTurnIsOneBatchInThatOrder() {
    List<Proposal> all = propose(100, 7, loop);
    assertThat(given).isEmpty();
    endTurn();
    assertThat(given).hasSize(1);
    assertThat(given.getFirst().proposals()).isEqualTo(all);
    propose(1, 7, loop);
    endTurn();
    assertThat(given).hasSize(2);
  }

  @Test
  void anotherTermAndAFullBatchBeginTheNext() {
    propose(2, 7, loop);
    propose(1, 8, loop);
    propose(2_000, 8, loop);
    endTurn();
    assertThat(given.stream().map(Batch::term)).containsExactly(7L, 8L, 8L);
    assertThat(given.stream().mapToInt(batch -> batch.proposals().size()).sum()).isEqualTo(2_003);
  }

  @Test
  void whatComesFromElsewhereWaitsForNobody() {
    propose(2, 7, null);
    assertThat(given).hasSize(2);
    propose(1, 7, ENDED);
    assertThat(given).hasSize(3);
  }

  @Test
  void anEntryHoldsTheCommandsOfABatch() {
    propose(3, 7, loop);
    endTurn();
    List<Proposal> proposals = given.getFirst().proposals();
    List<Command> commands = proposals.stream().map(proposal -> proposal.command).toList();
    ByteBuffer entry = EntryContent.of(proposals);
    assertThat(EntryContent.commands(1, entry)).isEqualTo(commands);
    assertThat(EntryContent.ofEncoded(commands.stream().map(Command::toByteString).toList()))
        .isEqualTo(entry);
    assertThatThrownBy(() -> EntryContent.commands(5, entry.slice(0, entry.limit() - 1)))
        .hasMessage("entry 5 holds no commands");
  }

  @Test
  void aThreadIsToldOnceOfAllThatIsForIt() {
    Replies replies = new Replies();
    List<Proposal> here = propose(1, 7, null);
    List<Proposal> there = propose(2, 7, loop);
    List<Proposal> nowhere = propose(1, 7, ENDED);
    turn.clear();
    replies.add(here.getFirst(), PutResponse.getDefaultInstance());
    replies.add(there.getFirst(), PutResponse.getDefaultInstance());
    replies.add(there.getLast(), EtcdError.KEY_NOT_FOUND.exception());
    replies.add(nowhere.getFirst(), PutResponse.getDefaultInstance());
    replies.send();
    assertThat(here.getFirst().answer).isCompleted();
    assertThat(nowhere.getFirst().answer).isCompleted();
    assertThat(there).noneMatch(proposal -> proposal.answer.isDone());
    assertThat(turn).hasSize(1);
    endTurn();
    assertThat(there.getFirst().answer).isCompleted();
    CompletableFuture<Message> refused = there.getLast().answer;
    assertThat(refused).isCompletedExceptionally();
    assertThat(refused.exceptionNow()).isInstanceOf(EtcdException.class);
  }

  private List<Proposal> propose(int count, long term, @Nullable Executor thread) {
    List<Proposal> proposals = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("key " + i)).build();
      Proposal proposal =
          new Proposal(Command.newBuilder().setPut(put).build(), 0, Proposal.ANY_TERM, thread);
      proposals.add(proposal);
      gathering.add(proposal, term, thread);
    }
    return proposals;
  }

  private void endTurn() {
    List<Runnable> tasks = List.copyOf(turn);
    turn.clear();
    tasks.forEach(Runnable::run);
  }
}
