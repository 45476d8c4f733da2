package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.contracts.kv.DowngradeRequest;
import io.cadastre.contracts.kv.DowngradeRequest.DowngradeAction;
import io.cadastre.contracts.kv.HashRequest;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc.MaintenanceBlockingStub;
import io.cadastre.contracts.kv.StatusRequest;
import io.cadastre.contracts.kv.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a member tells of itself, and of what can be asked of it. */
final class SelfDescriptionTest extends OneMember {

  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    server.ready().join();
    channel = channel(server);
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  private static ManagedChannel channel(KvServer server) {
    return NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  private MaintenanceBlockingStub maintenance() {
    return MaintenanceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void theStatusSaysWhereItStands() throws Exception {
    StatusResponse before = maintenance().status(StatusRequest.getDefaultInstance());
    put("a", "1");
    StatusResponse after = maintenance().status(StatusRequest.getDefaultInstance());
    assertThat(after.getVersion()).isEqualTo(after.getStorageVersion()).isEqualTo("3.6.0");
    assertThat(after.getLeader()).isEqualTo(after.getHeader().getMemberId()).isNotZero();
    assertThat(after.getRaftTerm()).isEqualTo(after.getHeader().getRaftTerm()).isPositive();
    assertThat(after.getRaftIndex()).isGreaterThan(before.getRaftIndex());
    assertThat(after.getRaftAppliedIndex())
        .isGreaterThan(before.getRaftAppliedIndex())
        .isLessThanOrEqualTo(after.getRaftIndex());
    assertThat(after.getHeader().getRevision()).isEqualTo(before.getHeader().getRevision() + 1);
    assertThat(after.getDbSize()).isGreaterThanOrEqualTo(after.getDbSizeInUse()).isPositive();
    assertThat(after.getDbSizeQuota()).isEqualTo(KvSettings.DEFAULT_QUOTA_BYTES);
    assertThat(after.getIsLearner()).isFalse();
    assertThat(after.getErrorsList()).isEmpty();
  }

  @Test
  void theHashIsThatOfWhatItHolds() throws Exception {
    int empty = hash();
    put("a", "1");
    int one = hash();
    assertThat(one).isNotEqualTo(empty).isEqualTo(hash());
    put("a", "1");
    assertThat(hash()).isNotEqualTo(one);
  }

  private int hash() {
    return maintenance().hash(HashRequest.getDefaultInstance()).getHash();
  }

  @Test
  void itCannotBeDowngraded() {
    for (DowngradeAction action : List.of(DowngradeAction.VALIDATE, DowngradeAction.ENABLE)) {
      assertThatThrownBy(() -> downgrade(action))
          .hasMessage("INVALID_ARGUMENT: etcdserver: invalid downgrade target version");
    }
    assertThatThrownBy(() -> downgrade(DowngradeAction.CANCEL))
        .hasMessage("FAILED_PRECONDITION: etcdserver: no inflight downgrade job");
  }

  private void downgrade(DowngradeAction action) {
    var _ =
        maintenance()
            .downgrade(DowngradeRequest.newBuilder().setAction(action).setVersion("3.5").build());
  }

  @Test
  void itsHealthIsAskedOverGrpcToo() {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(LONG.toSeconds(), TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void itsServicesAreToldOnlyWhereThatIsSwitchedOn() throws Exception {
    assertThatThrownBy(() -> services(channel).get(LONG.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("UNIMPLEMENTED");
    KvSettings told =
        TestMember.settings(
            directory.resolve("other"), new ClientSettings(null, false, true, false));
    try (KvServer other = KvServer.start(told)) {
      ManagedChannel toOther = channel(other);
      try {
        assertThat(services(toOther).get(LONG.toSeconds(), TimeUnit.SECONDS))
            .contains("etcdserverpb.KV", "v3lockpb.Lock", "grpc.health.v1.Health");
      } finally {
        toOther.shutdownNow();
      }
    }
  }

  private static CompletableFuture<List<String>> services(ManagedChannel channel) {
    CompletableFuture<List<String>> services = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    boolean _ =
                        services.complete(
                            response.getListServicesResponse().getServiceList().stream()
                                .map(ServiceResponse::getName)
                                .toList());
                  }

                  @Override
                  public void onError(Throwable failure) {
                    boolean _ = services.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    boolean _ = services.cancel(false);
                  }
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    requests.onCompleted();
    return services;
  }
}
