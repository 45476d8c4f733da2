package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.util.Endpoint;
import io.cadastre.contracts.kv.Member;
import io.cadastre.kv.cluster.ClusterIds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MemberAddressesTest {

  private static final long ID = 0xa1;
  private static final Endpoint NAMED = new Endpoint(ClusterIds.text(ID), 1);

  private final Map<Long, Member> known = new TreeMap<>();
  private final MemberAddresses addresses =
      new MemberAddresses(id -> Optional.ofNullable(known.get(id)));

  @Test
  void whoIsNotKnownIsNowhereAndStaysThere() {
    assertThat(addresses.use(NAMED)).isEqualTo(MemberAddresses.NOWHERE);
    assertThat(addresses.next(NAMED)).isFalse();
    assertThat(addresses.url(ID)).isEmpty();
  }

  @Test
  void theNextUrlIsTriedWhereOneDoesNotAnswerGoingRound() {
    isAt("http://first:1", "https://second:2", "http://third:3");
    for (String host : List.of("first", "second", "third", "first")) {
      assertThat(addresses.use(NAMED).getIp()).isEqualTo(host);
      assertThat(addresses.url(ID).orElseThrow()).hasHost(host);
      assertThat(addresses.next(NAMED)).isTrue();
    }
  }

  @Test
  void whoHasOneUrlIsNowhereElse() {
    isAt("http://only:1");
    Endpoint only = addresses.use(NAMED);
    assertThat(addresses.next(NAMED)).isFalse();
    assertThat(addresses.now(NAMED)).isEqualTo(only);
  }

  @Test
  void whoMovedIsTriedWhereItIsNowBeforeTheNext() {
    isAt("http://old:1", "http://second:2");
    assertThat(addresses.use(NAMED).getIp()).isEqualTo("old");
    assertThat(addresses.moved()).isEmpty();
    isAt("http://new:1", "http://second:2");
    assertThat(addresses.moved()).containsExactly(NAMED);
    assertThat(addresses.next(NAMED)).isTrue();
    assertThat(addresses.use(NAMED).getIp()).isEqualTo("new");
    assertThat(addresses.moved()).isEmpty();
    assertThat(addresses.next(NAMED)).isTrue();
    assertThat(addresses.use(NAMED).getIp()).isEqualTo("second");
  }

  private void isAt(String... urls) {
    known.put(ID, Member.newBuilder().setID(ID).addAllPeerURLs(List.of(urls)).build());
  }
}
