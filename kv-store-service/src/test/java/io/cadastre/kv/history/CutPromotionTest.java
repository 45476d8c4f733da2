package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.cadastre.contracts.kv.ClusterGrpc;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.MemberListRequest;
import io.cadastre.contracts.kv.MemberPromoteRequest;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.StatusRequest;
import io.cadastre.contracts.kv.StatusResponse;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A learner becomes one that votes, and a member is cut off in that moment: it ends, and members
 * can be changed again.
 */
final class CutPromotionTest {

  private static final int BEGAN = 3;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long ASKED_SECONDS = 30;
  private static final long CUT_NANOS = TimeUnit.SECONDS.toNanos(2);

  @TempDir private Path directory;

  @Test
  void whereWhoIsPromotedIsCutOffAsSoonAsThatIsAgreedOn() throws Exception {
    try (Members members = Members.start(directory, BEGAN)) {
      Place added = members.prepare();
      long id = members.add(added);
      join(members, added);
      end(promotion(leader(members), id));
      // Raft's part is under way.
      cutOff(members, added);
      members.promote(added, id);
      membersChangeAgain(members);
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = FaultsTest.LENGTH,
      matches = "\\d{3,}",
      disabledReason = "members are replaced and cut off in every build")
  void whereWhoLeadsIsCutOffBeforeItIsAgreedOn() throws Exception {
    try (Members members = Members.start(directory, BEGAN)) {
      Place added = members.prepare();
      long id = members.add(added);
      join(members, added);
      ListenableFuture<?> promotion = promotion(follower(members), id);
      cutOff(members, leader(members));
      end(promotion);
      members.promote(added, id);
      membersChangeAgain(members);
    }
  }

  private static void membersChangeAgain(Members members) throws Exception {
    members.remove(leader(members));
    assertThat(listed(members)).hasSize(3).noneMatch(Member::getIsLearner);
    Place old =
        members.all().stream().filter(each -> each.number() < BEGAN).findFirst().orElseThrow();
    old.process().kill();
    // It takes both of the others, and one of them was added.
    put(members);
  }

  private static void join(Members members, Place place) {
    members.join(place);
    long there = status(leader(members)).getRaftAppliedIndex();
    await().atMost(LONG).until(() -> status(place).getRaftAppliedIndex() >= there);
  }

  private static StatusResponse status(Place place) {
    return MaintenanceGrpc.newBlockingStub(place.channel())
        .withDeadlineAfter(ASKED_SECONDS, TimeUnit.SECONDS)
        .status(StatusRequest.getDefaultInstance());
  }

  private static Place leader(Members members) {
    return await().atMost(LONG).until(members::leader, Optional::isPresent).orElseThrow();
  }

  private static Place follower(Members members) {
    Place leader = leader(members);
    return members.all().stream().filter(each -> !each.equals(leader)).findFirst().orElseThrow();
  }

  private static ListenableFuture<?> promotion(Place through, long id) {
    return ClusterGrpc.newFutureStub(through.channel())
        .withDeadlineAfter(ASKED_SECONDS, TimeUnit.SECONDS)
        .memberPromote(MemberPromoteRequest.newBuilder().setID(id).build());
  }

  /** Done, or refused in etcd's words. */
  private static void end(ListenableFuture<?> promotion) throws InterruptedException {
    try {
      var _ = promotion.get();
    } catch (ExecutionException e) {
      assertThat(Status.fromThrowable(e).getDescription()).startsWith("etcdserver: ");
    }
  }

  /** For a while; the others go on. */
  private static void cutOff(Members members, Place victim) {
    for (Place other : members.known()) {
      if (!other.equals(victim)) {
        members.cut(other, victim);
        members.cut(victim, other);
      }
    }
    LockSupport.parkNanos(CUT_NANOS);
    put(members);
    members.heal();
  }

  private static void put(Members members) {
    PutRequest put = PutRequest.newBuilder().setKey(Wire.bytes("key")).build();
    var _ =
        members.ask(channel ->
            KVGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ASKED_SECONDS, TimeUnit.SECONDS)
                .put(put));
  }

  private static List<Member> listed(Members members) {
    return members.ask(channel ->
        ClusterGrpc.newBlockingStub(channel)
            .withDeadlineAfter(ASKED_SECONDS, TimeUnit.SECONDS)
            .memberList(MemberListRequest.newBuilder().setLinearizable(true).build())
            .getMembersList());
  }
}
