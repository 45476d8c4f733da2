package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A member as a client sees it that nobody here wrote. */
final class KvServerTest extends OneMember {

  @Test
  void keysAreStoredReadAndDeleted() throws Exception {
    put("a", "1");
    put("a", "2");
    put("b", "3");
    KeyValue found = get("a");
    assertThat(text(found.getValue())).isEqualTo("2");
    assertThat(found.getVersion()).isEqualTo(2);
    GetOption all = GetOption.builder().withRange(bytes("z")).build();
    assertThat(done(client.getKVClient().get(bytes("a"), all)).getCount()).isEqualTo(2);
    DeleteOption from = DeleteOption.builder().withRange(bytes("z")).build();
    assertThat(done(client.getKVClient().delete(bytes("a"), from)).getDeleted()).isEqualTo(2);
    assertThat(done(client.getKVClient().get(bytes("a"))).getKvs()).isEmpty();
  }

  @Test
  void aTransactionRunsTheBranchThatItsComparisonsChoose() throws Exception {
    put("a", "1");
    Cmp isOne = new Cmp(bytes("a"), Cmp.Op.EQUAL, CmpTarget.value(bytes("1")));
    for (boolean succeeds : List.of(true, false)) {
      TxnResponse response =
          done(
              client
                  .getKVClient()
                  .txn()
                  .If(isOne)
                  .Then(Op.put(bytes("a"), bytes("2"), PutOption.DEFAULT))
                  .Else(Op.get(bytes("a"), GetOption.DEFAULT))
                  .commit());
      assertThat(response.isSucceeded()).isEqualTo(succeeds);
    }
    assertThat(text(get("a").getValue())).isEqualTo("2");
  }

  @Test
  void watchersHearOfEveryChangeFromTheRevisionTheyAskFor() throws Exception {
    put("a", "1");
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    WatchOption option =
        WatchOption.builder().withRevision(2).withPrevKV(true).isPrefix(true).build();
    try (Watch.Watcher _ =
        client
            .getWatchClient()
            .watch(
                bytes("a"),
                option,
                response ->
                    response
                        .getEvents()
                        .forEach(event ->
                            heard.add(
                                event.getEventType()
                                    + " "
                                    + text(event.getKeyValue().getKey())
                                    + " "
                                    + text(event.getPrevKV().getValue()))))) {
      put("a", "2");
      done(client.getKVClient().delete(bytes("a")));
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(heard).containsExactly("PUT a ", "PUT a 1", "DELETE a 2"));
    }
  }

  @Test
  void keysGoWithTheirLeaseUnlessItIsKeptAlive() throws Exception {
    long kept = done(client.getLeaseClient().grant(2)).getID();
    long dropped = done(client.getLeaseClient().grant(1)).getID();
    for (long lease : List.of(kept, dropped)) {
      PutOption option = PutOption.builder().withLeaseId(lease).build();
      done(client.getKVClient().put(bytes("of/" + lease), bytes("x"), option));
    }
    LeaseOption withKeys = LeaseOption.builder().withAttachedKeys().build();
    assertThat(done(client.getLeaseClient().timeToLive(kept, withKeys)).getKeys()).hasSize(1);
    await()
        .atMost(LONG)
        .until(() -> {
          assertThat(done(client.getLeaseClient().keepAliveOnce(kept)).getTTL()).isEqualTo(2);
          return done(client.getKVClient().get(bytes("of/" + dropped))).getKvs().isEmpty();
        });
    assertThat(get("of/" + kept)).isNotNull();
    done(client.getLeaseClient().revoke(kept));
    assertThat(done(client.getKVClient().get(bytes("of/" + kept))).getKvs()).isEmpty();
    assertThat(done(client.getLeaseClient().timeToLive(kept, LeaseOption.DEFAULT)).getTTL())
        .isEqualTo(-1);
  }

  @Test
  void aLockIsHeldByOneUntilItIsGivenBack() throws Exception {
    long one = done(client.getLeaseClient().grant(60)).getID();
    long other = done(client.getLeaseClient().grant(60)).getID();
    ByteSequence held = done(client.getLockClient().lock(bytes("lock"), one)).getKey();
    CompletableFuture<?> waits = client.getLockClient().lock(bytes("lock"), other);
    await().atMost(LONG).until(() -> keysBelow("lock/") == 2);
    assertThat(waits).isNotDone();
    done(client.getLockClient().unlock(held));
    done(waits);
    assertThat(keysBelow("lock/")).isEqualTo(1);
  }

  @Test
  void oneLeadsAndTheNextFollowsWhenItResigns() throws Exception {
    long one = done(client.getLeaseClient().grant(60)).getID();
    long other = done(client.getLeaseClient().grant(60)).getID();
    assertThatThrownBy(() -> done(client.getElectionClient().leader(bytes("e"))))
        .hasStackTraceContaining("NoLeaderException");
    var leader =
        done(client.getElectionClient().campaign(bytes("e"), one, bytes("first"))).getLeader();
    var next = client.getElectionClient().campaign(bytes("e"), other, bytes("second"));
    await().atMost(LONG).until(() -> keysBelow("e/") == 2);
    done(client.getElectionClient().proclaim(leader, bytes("still")));
    assertThat(leaderOf("e")).isEqualTo("still");
    done(client.getElectionClient().resign(leader));
    done(next);
    assertThat(leaderOf("e")).isEqualTo("second");
  }

  @Test
  void usersMayDoWhatTheirRolesAllow() throws Exception {
    var auth = client.getAuthClient();
    done(auth.userAdd(bytes("root"), bytes("secret")));
    done(auth.roleAdd(bytes("root")));
    done(auth.userGrantRole(bytes("root"), bytes("root")));
    done(auth.userAdd(bytes("u"), bytes("word")));
    done(auth.roleAdd(bytes("r")));
    done(auth.roleGrantPermission(bytes("r"), bytes("k"), bytes("l"), Permission.Type.READWRITE));
    done(auth.userGrantRole(bytes("u"), bytes("r")));
    done(auth.authEnable());
    try (Client user = builder().user(bytes("u")).password(bytes("word")).build();
        Client root = builder().user(bytes("root")).password(bytes("secret")).build()) {
      done(user.getKVClient().put(bytes("k1"), bytes("x")));
      refused(() -> done(user.getKVClient().put(bytes("m"), bytes("x"))), "permission denied");
      refused(() -> done(user.getAuthClient().roleAdd(bytes("s"))), "permission denied");
      refused(() -> put("k1", "x"), "user name is empty");
      done(root.getKVClient().put(bytes("m"), bytes("x")));
      done(root.getAuthClient().authDisable());
    }
    put("k1", "y");
  }

  @Test
  void whoAsksIsNotMistakenForSomebodyWhoAsksAtTheSameTime() throws Exception {
    var auth = client.getAuthClient();
    for (String name : List.of("root", "u")) {
      done(auth.userAdd(bytes(name), bytes("secret")));
      done(auth.roleAdd(bytes(name)));
      done(auth.userGrantRole(bytes(name), bytes(name)));
    }
    done(auth.authEnable());
    try (Client user = builder().user(bytes("u")).password(bytes("secret")).build();
        Client root = builder().user(bytes("root")).password(bytes("secret")).build()) {
      // Signed in before: jetcd signs in for every call that finds no token yet.
      done(root.getAuthClient().userGet(bytes("root")));
      done(user.getAuthClient().userGet(bytes("u")));
      List<CompletableFuture<?>> allowed = new ArrayList<>();
      List<CompletableFuture<?>> refused = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        allowed.add(root.getAuthClient().userList());
        refused.add(user.getAuthClient().userList());
        allowed.add(user.getAuthClient().userGet(bytes("u")));
        refused.add(user.getAuthClient().roleGet(bytes("root")));
      }
      for (CompletableFuture<?> each : allowed) {
        done(each);
      }
      for (CompletableFuture<?> each : refused) {
        refused(() -> done(each), "permission denied");
      }
    }
  }

  @Test
  void whatTakesTooMuchIsRefused() {
    refused(() -> put("a", "x".repeat(1_600_000)), "request is too large");
    Op[] puts = new Op[129];
    for (int i = 0; i < puts.length; i++) {
      puts[i] = Op.put(bytes("k" + i), bytes("x"), PutOption.DEFAULT);
    }
    refused(
        () -> done(client.getKVClient().txn().Then(puts).commit()),
        "too many operations in txn request");
  }

  @Test
  void garbageOnThePortDisturbsNobody() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
      socket.getOutputStream().write("GET garbage\0\1\2\r\n\r\n".repeat(i).getBytes(UTF_8));
      sockets.add(socket);
    }
    put("a", "1");
    for (Socket socket : sockets) {
      socket.close();
    }
    assertThat(text(get("a").getValue())).isEqualTo("1");
  }

  @Test
  void healthVersionAndMetricsAreServedUnderEtcdsNames() throws Exception {
    put("a", "1");
    int port = server.serveStatus(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    assertThat(page(port, "/health")).isEqualTo("200 {\"health\":\"true\",\"reason\":\"\"}\n");
    assertThat(page(port, "/readyz")).isEqualTo("200 ok\n");
    assertThat(page(port, "/version")).contains("\"etcdserver\":\"3.6.0\"");
    assertThat(page(port, "/metrics"))
        .contains("\netcd_debugging_mvcc_current_revision 2\n", "\netcd_server_has_leader 1\n");
    assertThat(page(port, "/metrics/x")).startsWith("404");
  }

  private static String page(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    }
  }

  private long keysBelow(String prefix) throws Exception {
    GetOption count = GetOption.builder().isPrefix(true).withCountOnly(true).build();
    return done(client.getKVClient().get(bytes(prefix), count)).getCount();
  }

  private String leaderOf(String election) throws Exception {
    return text(done(client.getElectionClient().leader(bytes(election))).getKv().getValue());
  }
}
