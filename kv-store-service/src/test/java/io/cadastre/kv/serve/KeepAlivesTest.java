package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.kv.LeaseGrpc;
import io.cadastre.contracts.kv.LeaseKeepAliveRequest;
import io.cadastre.contracts.kv.LeaseKeepAliveResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepAlivesTest {

  private static final int FAR_MORE_THAN_IS_TAKEN = 1_000_000;
  private static final Duration QUIET = Duration.ofSeconds(3);

  @TempDir private Path directory;

  @Test
  void aClientThatReadsNothingIsNotListenedToEither() throws Exception {
    KvSettings settings = TestMember.inMemory(directory.resolve("data"), ClientSettings.DEFAULT);
    AtomicInteger received = new AtomicInteger();
    try (KvServer server = KvServer.start(settings)) {
      server.ready().join();
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      try {
        ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call =
            channel.newCall(LeaseGrpc.getLeaseKeepAliveMethod(), CallOptions.DEFAULT);
        call.start(
            new ClientCall.Listener<>() {
              @Override
              public void onMessage(LeaseKeepAliveResponse message) {
                int _ = received.incrementAndGet();
              }
            },
            new Metadata());
        int sent = 0;
        while (canSend(call)) {
          call.sendMessage(LeaseKeepAliveRequest.newBuilder().setID(++sent).build());
          assertThat(sent).isLessThan(FAR_MORE_THAN_IS_TAKEN);
        }
        call.request(Integer.MAX_VALUE);
        int all = sent;
        await().atMost(Duration.ofSeconds(60)).until(() -> received.get() == all);
        call.cancel("enough", null);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** Where the connection is full, the server may just be slow. */
  private static boolean canSend(ClientCall<?, ?> call) {
    if (call.isReady()) {
      return true;
    }
    try {
      await().atMost(QUIET).until(call::isReady);
      return true;
    } catch (ConditionTimeoutException _) {
      return false;
    }
  }
}
