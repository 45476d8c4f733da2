package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.KVGrpc.KVBlockingStub;
import io.cadastre.contracts.kv.LeaseGrantRequest;
import io.cadastre.contracts.kv.LeaseGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader that was paused, and finds when it goes on that more time went by than it knows of. */
final class PausedLeaderTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long ASKED_SECONDS = 5;
  private static final long LEASE = 7;
  private static final long TTL_SECONDS = 5;
  private static final ByteString KEY = Wire.bytes("kept");

  @TempDir private Path directory;

  @Test
  void theLeasesThatOthersKeptAliveMeanwhileLiveOn() throws Exception {
    try (Members members = Members.start(directory, 3)) {
      ManagedChannel any = members.all().getFirst().channel();
      var _ =
          LeaseGrpc.newBlockingStub(any)
              .withDeadlineAfter(ASKED_SECONDS, TimeUnit.SECONDS)
              .leaseGrant(LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(TTL_SECONDS).build());
      var _ = kv(any).put(PutRequest.newBuilder().setKey(KEY).setLease(LEASE).build());
      pauseWhoLeads(members);
    }
  }

  private static void pauseWhoLeads(Members members) throws Exception {
    Place paused = await().atMost(LONG).until(members::leader, Optional::isPresent).orElseThrow();
    List<Place> others = members.all().stream().filter(place -> !place.equals(paused)).toList();
    ManagedChannel other = others.getFirst().channel();
    paused.process().pause();
    long began = System.nanoTime();
    await()
        .atMost(LONG)
        .until(() ->
            keepAlive(other)
                && System.nanoTime() - began > TimeUnit.SECONDS.toNanos(TTL_SECONDS + 2));
    paused.process().resume();
    // What it found expired is decided on by now.
    await()
        .atMost(LONG)
        .ignoreException(StatusRuntimeException.class)
        .until(() -> keepAlive(other) && keepAlive(paused.channel()));
    for (Place each : members.all()) {
      assertThat(isThere(each)).as("kept alive, and there through %s", each).isTrue();
    }
  }

  /** Says whether it was; that it is gone is the end of it. */
  private static boolean keepAlive(ManagedChannel channel) {
    Long ttl = Leasing.askToKeep(channel, LEASE);
    assertThat(ttl == null || ttl > 0).as("kept alive, and there").isTrue();
    return ttl != null;
  }

  private static boolean isThere(Place place) {
    RangeRequest request = RangeRequest.newBuilder().setKey(KEY).build();
    return kv(place.channel()).range(request).getCount() == 1;
  }

  private static KVBlockingStub kv(ManagedChannel channel) {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(ASKED_SECONDS, TimeUnit.SECONDS);
  }
}
