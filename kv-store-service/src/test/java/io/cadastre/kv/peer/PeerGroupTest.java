package io.cadastre.kv.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.tls.TestAuthority;
import io.cadastre.kv.tls.TlsFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of JRaft which have nothing but the transport in common. */
final class PeerGroupTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String GROUP = "transport";

  @TempDir private Path directory;

  @Test
  void membersElectReplicateAndGoOnWithoutTheirLeader() throws Exception {
    TestAuthority authority = new TestAuthority(directory.resolve("tls"));
    List<PeerServer> servers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      PeerServer server =
          new PeerServer(
              List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
              authority.issue("m" + i),
              ConnectionLimits.ofMembers(),
              List.of());
      boolean _ = server.init(null);
      servers.add(server);
    }
    Configuration group = new Configuration();
    servers.forEach(server -> group.addPeer(new PeerId("127.0.0.1", server.boundPort())));
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      members.add(new Member(i, servers.get(i), group, authority.issue("m" + i), directory));
    }
    try {
      Member first = leader(members);
      for (int i = 0; i < 300; i++) {
        first.apply(i).get(60, TimeUnit.SECONDS);
      }
      await().atMost(SOON).until(() -> members.stream().allMatch(m -> m.applied.size() == 300));
      assertThat(members).allSatisfy(member -> assertThat(member.applied).isSorted());

      first.close();
      List<Member> left = members.stream().filter(member -> member != first).toList();
      Member second = leader(left);
      second.apply(300).get(60, TimeUnit.SECONDS);
      await().atMost(SOON).until(() -> left.stream().allMatch(m -> m.applied.size() == 301));
    } finally {
      for (Member member : members) {
        member.close();
      }
    }
  }

  private static Member leader(List<Member> members) {
    return await()
        .atMost(SOON)
        .until(
            () -> members.stream().filter(member -> member.node.isLeader(false)).toList(),
            leaders -> leaders.size() == 1)
        .getFirst();
  }

  private static final class Member extends StateMachineAdapter {

    private final PeerServer server;
    private final PeerChannels channels;
    private final Node node;
    private final PeerId id;
    private final List<Integer> applied = new CopyOnWriteArrayList<>();
    private boolean closed;

    Member(int number, PeerServer server, Configuration group, TlsFiles tls, Path directory)
        throws Exception {
      this.server = server;
      channels = new PeerChannels(tls);
      id = new PeerId("127.0.0.1", server.boundPort());
      Path own = Files.createDirectories(directory.resolve("m" + number));
      PeerOptions options = new PeerOptions(channels);
      options.setInitialConf(group);
      options.setFsm(this);
      options.setLogUri(own.resolve("log").toString());
      options.setRaftMetaUri(own.resolve("meta").toString());
      options.setElectionTimeoutMs(1000);
      NodeManager.getInstance().addAddress(id.getEndpoint());
      node = RaftServiceFactory.createAndInitRaftNode(GROUP, id, options);
    }

    CompletableFuture<Status> apply(int number) {
      CompletableFuture<Status> done = new CompletableFuture<>();
      node.apply(
          new Task(ByteBuffer.allocate(4).putInt(0, number), status -> done.complete(status)));
      return done.thenApply(status -> {
        assertThat(status.isOk()).as(status.toString()).isTrue();
        return status;
      });
    }

    @Override
    public void onApply(Iterator entries) {
      while (entries.hasNext()) {
        applied.add(entries.getData().getInt());
        if (entries.done() != null) {
          entries.done().run(Status.OK());
        }
        var _ = entries.next();
      }
    }

    void close() throws InterruptedException {
      if (!closed) {
        closed = true;
        node.shutdown();
        node.join();
        boolean _ = NodeManager.getInstance().removeAddress(id.getEndpoint());
        server.shutdown();
        channels.close();
      }
    }
  }
}
