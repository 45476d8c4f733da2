package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.LeaseGrantRequest;
import io.cadastre.contracts.kv.LeaseGrpc;
import io.cadastre.contracts.kv.LeaseLeasesRequest;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.PutResponse;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Very many leases that end at once, of a member whose heap is 192 MiB. */
final class ExpiringLeasesTest {

  private static final int LEASES = 100_000;
  private static final int KEYS_OF_ONE = 100;
  private static final int SAMPLE = 5_000;
  private static final long TTL_OF_SAMPLE_SECONDS = 5;
  private static final int GRANTS_UNDER_WAY = 2_000;
  private static final int PUTS_UNDER_WAY = 20;
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final long WRITTEN_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final String PREFIX = "k/";
  private static final String OTHER = PREFIX + "other";

  @TempDir private Path directory;

  @Test
  void theirKeysAllGoAndOthersWriteOnMeanwhile() throws Exception {
    try (Members members = Members.start(directory, 1)) {
      ManagedChannel channel = members.channels().getFirst();
      grantAll(channel, ttlSeconds(channel));
      List<Long> living = KeepAlive.ask(channel, LongStream.rangeClosed(1, LEASES), LONG).join();
      assertThat(living).as("leases that live").hasSize(LEASES).allMatch(ttl -> ttl > 0);
      EndsAndWrites heard = hear(members);
      assertThat(heard.writes())
          .as("writes of others between the first end and the last")
          .isGreaterThan(10);
      assertThat(heard.mostEndsBetweenWrites())
          .as("most ends between two writes of others")
          .isLessThan(LEASES / 3);
      assertThat(
              LeaseGrpc.newBlockingStub(channel)
                  .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                  .getLeasesCount())
          .isZero();
    }
  }

  private static EndsAndWrites hear(Members members) throws Exception {
    EndsAndWrites heard = new EndsAndWrites(LEASES, OTHER);
    AtomicBoolean over = new AtomicBoolean();
    Thread others = Thread.ofVirtual().start(() -> write(members.channels().getFirst(), over));
    try (HistoryWatcher _ = new HistoryWatcher(PREFIX, 1, members::channels, 0, heard)) {
      heard.awaitEnds(LONG);
    } finally {
      over.set(true);
      others.join();
    }
    return heard;
  }

  /**
   * Several times what a machine as busy as this one takes to make all of them, so that none ends
   * before the last was made.
   */
  private static long ttlSeconds(ManagedChannel channel) throws Exception {
    grant(channel, 2 * LEASES, SAMPLE, TTL_OF_SAMPLE_SECONDS);
    long began = System.nanoTime();
    grant(channel, 3 * LEASES, SAMPLE, TTL_OF_SAMPLE_SECONDS);
    long allNanos = (System.nanoTime() - began) * (LEASES / SAMPLE);
    return 3 + 3 * TimeUnit.NANOSECONDS.toSeconds(allNanos);
  }

  private static void grantAll(ManagedChannel channel, long ttlSeconds) throws Exception {
    grant(channel, 0, LEASES, ttlSeconds);
    var kv = KVGrpc.newFutureStub(channel);
    Calls.all(LEASES / KEYS_OF_ONE, PUTS_UNDER_WAY, i -> kv.txn(puts(i * KEYS_OF_ONE)));
  }

  private static void grant(ManagedChannel channel, int after, int count, long ttlSeconds)
      throws Exception {
    var leases = LeaseGrpc.newFutureStub(channel);
    LeaseGrantRequest.Builder grant = LeaseGrantRequest.newBuilder().setTTL(ttlSeconds);
    Calls.all(count, GRANTS_UNDER_WAY, i -> leases.leaseGrant(grant.setID(after + i + 1).build()));
  }

  private static TxnRequest puts(int from) {
    TxnRequest.Builder puts = TxnRequest.newBuilder();
    for (int id = from + 1; id <= from + KEYS_OF_ONE; id++) {
      puts.addSuccess(
          RequestOp.newBuilder()
              .setRequestPut(PutRequest.newBuilder().setKey(Wire.bytes(PREFIX + id)).setLease(id)));
    }
    return puts.build();
  }

  private static void write(ManagedChannel channel, AtomicBoolean over) {
    PutRequest put = PutRequest.newBuilder().setKey(Wire.bytes(OTHER)).build();
    while (!over.get()) {
      PutResponse _ =
          KVGrpc.newBlockingStub(channel)
              .withDeadlineAfter(LONG.toSeconds(), TimeUnit.SECONDS)
              .put(put);
      LockSupport.parkNanos(WRITTEN_EVERY_NANOS);
    }
  }
}
