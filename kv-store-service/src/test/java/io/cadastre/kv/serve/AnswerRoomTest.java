package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.kv.request.EtcdError;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import org.junit.jupiter.api.Test;

/** Large answers share room until their calls are over. */
final class AnswerRoomTest {

  private static final int MIB = 1 << 20;

  private final AnswerRoom room = new AnswerRoom(10 * MIB);

  @Test
  void anAnswerThatIsTooLargeByItselfIsRefusedWithWhatIsAllowed() {
    AnswerRoom.Share share = room.share(Context.ROOT.withCancellation());
    assertThatThrownBy(() -> fill(share, 12))
        .hasMessageContaining("(allowed: 10485760; ask for less at a time, or a stream)");
  }

  @Test
  void answersWaitForNobodyButAreRefusedWhileOthersFillTheRoom() {
    CancellableContext call = Context.ROOT.withCancellation();
    fill(room.share(call), 8);
    AnswerRoom.Share other = room.share(Context.ROOT.withCancellation());
    assertThatThrownBy(() -> fill(other, 8)).hasMessage(EtcdError.TOO_MANY_REQUESTS.text());
    call.cancel(null);
    CancellableContext later = Context.ROOT.withCancellation();
    assertThatCode(() -> fill(room.share(later), 4)).doesNotThrowAnyException();
  }

  @Test
  void nothingIsKeptForACallThatIsOver() {
    CancellableContext gone = Context.ROOT.withCancellation();
    AnswerRoom.Share share = room.share(gone);
    fill(share, 4);
    gone.cancel(null);
    assertThatThrownBy(() -> fill(share, 4)).hasMessage("CANCELLED");
    assertThatCode(() -> fill(room.share(Context.ROOT.withCancellation()), 9))
        .doesNotThrowAnyException();
  }

  @Test
  void ordinaryAnswersAreNotCounted() {
    for (int i = 0; i < 1000; i++) {
      room.share(Context.ROOT.withCancellation()).bytes(60 << 10);
    }
    assertThatCode(() -> fill(room.share(Context.ROOT.withCancellation()), 9))
        .doesNotThrowAnyException();
  }

  private static void fill(AnswerRoom.Share share, int mib) {
    for (int i = 0; i < 1024 * mib; i++) {
      share.bytes(1024);
    }
  }
}
