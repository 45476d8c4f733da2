package io.cadastre.kv.serve;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.cadastre.contracts.kv.AuthGrpc;
import io.cadastre.contracts.kv.ClusterGrpc;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.LeaseGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.WatchGrpc;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.election.ElectionGrpc;
import io.cadastre.contracts.kv.lock.LockGrpc;
import io.cadastre.kv.request.EtcdError;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call, made by nobody, by a user without a right, by one who has it, and by root. */
final class RightsTest {

  /** Who may make a call, and what is asked for in it; {@code $} stands for who asks. */
  private static final Map<String, String> CALLS =
      Map.ofEntries(
          Map.entry("KV/Range", "KEYS key: 'k'"),
          Map.entry("KV/RangeStream", "KEYS key: 'k'"),
          Map.entry("KV/Put", "KEYS key: 'k1'"),
          Map.entry("KV/DeleteRange", "KEYS key: 'k2'"),
          Map.entry("KV/Txn", "KEYS success: { request_range: { key: 'k' } }"),
          Map.entry("KV/Compact", "ADMIN revision: 1000000"),
          Map.entry("Watch/Watch", "KEYS create_request: { key: 'k' }"),
          Map.entry("Lease/LeaseGrant", "SOMEBODY TTL: 60"),
          Map.entry("Lease/LeaseRevoke", "KEYS ID: 7"),
          Map.entry("Lease/LeaseKeepAlive", "SOMEBODY ID: 8"),
          Map.entry("Lease/LeaseTimeToLive", "KEYS ID: 8 keys: true"),
          Map.entry("Lease/LeaseLeases", "KEYS"),
          Map.entry("Cluster/MemberAdd", "ADMIN"),
          Map.entry("Cluster/MemberRemove", "ADMIN ID: 1"),
          Map.entry("Cluster/MemberUpdate", "ADMIN ID: 1 peerURLs: 'http://127.0.0.1:1'"),
          Map.entry("Cluster/MemberList", "SOMEBODY"),
          Map.entry("Cluster/MemberPromote", "ADMIN ID: 1"),
          Map.entry("Maintenance/Alarm", "ADMIN action: DEACTIVATE alarm: NOSPACE"),
          Map.entry("Maintenance/Status", "SOMEBODY"),
          Map.entry("Maintenance/Defragment", "ADMIN"),
          Map.entry("Maintenance/Hash", "ADMIN"),
          Map.entry("Maintenance/HashKV", "ADMIN"),
          Map.entry("Maintenance/Snapshot", "ADMIN"),
          Map.entry("Maintenance/MoveLeader", "ADMIN targetID: 1"),
          Map.entry("Maintenance/Downgrade", "ADMIN"),
          Map.entry("Auth/AuthEnable", "ADMIN"),
          Map.entry("Auth/AuthDisable", "ADMIN"),
          Map.entry("Auth/AuthStatus", "ANYBODY"),
          Map.entry("Auth/Authenticate", "ANYBODY name: 'user' password: 'user'"),
          Map.entry("Auth/UserAdd", "ADMIN name: 'new' options: { no_password: true }"),
          Map.entry("Auth/UserGet", "KEYS name: 'user'"),
          Map.entry("Auth/UserList", "ADMIN"),
          Map.entry("Auth/UserDelete", "ADMIN name: 'none'"),
          Map.entry("Auth/UserChangePassword", "ADMIN name: 'none' hashedPassword: 'AA=='"),
          Map.entry("Auth/UserGrantRole", "ADMIN user: 'none' role: 'keys'"),
          Map.entry("Auth/UserRevokeRole", "ADMIN name: 'none' role: 'keys'"),
          Map.entry("Auth/RoleAdd", "ADMIN name: 'new'"),
          Map.entry("Auth/RoleGet", "KEYS role: 'keys'"),
          Map.entry("Auth/RoleList", "ADMIN"),
          Map.entry("Auth/RoleDelete", "ADMIN role: 'none'"),
          Map.entry("Auth/RoleGrantPermission", "ADMIN name: 'none' perm: { key: 'a' }"),
          Map.entry("Auth/RoleRevokePermission", "ADMIN role: 'none' key: 'a'"),
          Map.entry("Lock/Lock", "KEYS name: 'k$' lease: 8"),
          Map.entry("Lock/Unlock", "KEYS key: 'k3'"),
          Map.entry("Election/Campaign", "KEYS name: 'k-$' lease: 8"),
          Map.entry("Election/Proclaim", "KEYS leader: { name: 'k' key: 'k4' rev: 1 lease: 8 }"),
          Map.entry("Election/Leader", "KEYS name: 'k'"),
          Map.entry("Election/Observe", "KEYS name: 'k-led'"),
          Map.entry("Election/Resign", "KEYS leader: { name: 'k' key: 'k4' rev: 1 lease: 8 }"));

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final String NOBODY = "";
  private static final List<String> CALLERS = List.of(NOBODY, "stranger", "user", "root");

  private final Map<String, MethodDescriptor<?, ?>> methods = new HashMap<>();
  private final Map<String, String> tokens = new HashMap<>();
  private ManagedChannel channel = NettyChannelBuilder.forTarget("nowhere").build();

  @TempDir private Path directory;

  @Test
  void everyCallIsHeldToTheRightsOfWhoMakesIt() throws Exception {
    for (ServiceDescriptor service : services()) {
      service.getMethods().forEach(method -> methods.put(shortName(method), method));
    }
    assertThat(CALLS.keySet()).isEqualTo(methods.keySet());
    try (KvServer server = start()) {
      var _ = channel.shutdownNow();
      channel =
          NettyChannelBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
              .usePlaintext()
              .build();
      try {
        prepare();
        check();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static List<ServiceDescriptor> services() {
    return List.of(
        KVGrpc.getServiceDescriptor(),
        WatchGrpc.getServiceDescriptor(),
        LeaseGrpc.getServiceDescriptor(),
        ClusterGrpc.getServiceDescriptor(),
        MaintenanceGrpc.getServiceDescriptor(),
        AuthGrpc.getServiceDescriptor(),
        LockGrpc.getServiceDescriptor(),
        ElectionGrpc.getServiceDescriptor());
  }

  private static String shortName(MethodDescriptor<?, ?> method) {
    String name = method.getFullMethodName();
    return name.substring(name.indexOf('.') + 1);
  }

  private KvServer start() throws Exception {
    return KvServer.start(TestMember.inMemory(directory, ClientSettings.DEFAULT));
  }

  private void prepare() throws Exception {
    for (String name : List.of("root", "user", "stranger")) {
      done("Auth/UserAdd", "name: '%1$s' password: '%1$s'".formatted(name));
    }
    done("Auth/RoleAdd", "name: 'root'");
    done("Auth/RoleAdd", "name: 'keys'");
    done(
        "Auth/RoleGrantPermission",
        "name: 'keys' perm: { permType: READWRITE key: 'k' range_end: 'l' }");
    done("Auth/UserGrantRole", "user: 'root' role: 'root'");
    done("Auth/UserGrantRole", "user: 'user' role: 'keys'");
    for (int lease : new int[] {7, 8, 9}) {
      done("Lease/LeaseGrant", "TTL: 600 ID: " + lease);
    }
    done("KV/Put", "key: 'k7' lease: 7");
    done("KV/Put", "key: 'k8' lease: 8");
    done("Election/Campaign", "name: 'k-led' lease: 9");
    done("Auth/AuthEnable", "");
    for (String name : List.of("root", "user", "stranger")) {
      Message answer = done("Auth/Authenticate", "name: '%1$s' password: '%1$s'".formatted(name));
      tokens.put(
          name, (String) answer.getField(answer.getDescriptorForType().findFieldByName("token")));
    }
  }

  private Message done(String method, String request) throws Exception {
    Object answer = call(method, request, NOBODY);
    assertThat(answer).as(method).isInstanceOf(Message.class);
    return (Message) answer;
  }

  private void check() throws Exception {
    // What changes users makes tokens old; what ends all of this comes last.
    List<String> order =
        Stream.concat(
                CALLS.keySet().stream().filter(name -> !name.equals("Auth/AuthDisable")).sorted(),
                Stream.of("Auth/AuthDisable"))
            .toList();
    for (String method : order) {
      String[] call = CALLS.getOrDefault(method, "").split(" ", 2);
      for (String caller : CALLERS) {
        String request = call.length == 1 ? "" : call[1].replace("$", caller);
        assertThat(refusal(call(method, request, caller)))
            .as("%s by %s", method, caller.isEmpty() ? "nobody" : caller)
            .isEqualTo(expected(call[0], caller));
      }
    }
  }

  private static String expected(String right, String caller) {
    boolean may =
        switch (right) {
          case "ANYBODY" -> true;
          case "SOMEBODY" -> !caller.equals(NOBODY);
          case "KEYS" -> caller.equals("user") || caller.equals("root");
          case "ADMIN" -> caller.equals("root");
          default -> throw new IllegalArgumentException(right);
        };
    if (may) {
      return "";
    }
    return (caller.equals(NOBODY) ? EtcdError.USER_EMPTY : EtcdError.PERMISSION_DENIED).text();
  }

  /** Where it was refused for want of rights, how; empty = it was not. */
  private static String refusal(Object outcome) {
    String text =
        switch (outcome) {
          case WatchResponse watch -> watch.getCancelReason();
          case Status status -> String.valueOf(status.getDescription());
          default -> "";
        };
    return Stream.of(
            EtcdError.USER_EMPTY,
            EtcdError.PERMISSION_DENIED,
            EtcdError.INVALID_AUTH_TOKEN,
            EtcdError.AUTH_OLD_REVISION)
        .map(EtcdError::text)
        .filter(text::contains)
        .findFirst()
        .orElse("");
  }

  /** The first answer, or how it ended without one. */
  private Object call(String method, String request, String caller) throws Exception {
    return call(requireNonNull(methods.get(method), method), request, caller);
  }

  private <Q, R> Object call(MethodDescriptor<Q, R> method, String request, String caller)
      throws Exception {
    Metadata headers = new Metadata();
    String token = tokens.get(caller);
    if (token != null) {
      headers.put(TOKEN, token);
    }
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    ClientCall<Q, R> call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<R>() {
          @Override
          public void onMessage(R message) {
            boolean _ = outcome.complete(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            boolean _ = outcome.complete(status);
          }
        },
        headers);
    call.sendMessage(parse(method, request));
    if (method.getType().clientSendsOneMessage()) {
      call.halfClose();
    }
    call.request(2);
    try {
      return outcome.get(TestCluster.LONG.toSeconds(), TimeUnit.SECONDS);
    } finally {
      call.cancel("it was answered", null);
    }
  }

  @SuppressWarnings("unchecked")
  private static <Q> Q parse(MethodDescriptor<Q, ?> method, String request) throws Exception {
    var marshaller = (MethodDescriptor.PrototypeMarshaller<Q>) method.getRequestMarshaller();
    Message.Builder builder =
        ((Message) requireNonNull(marshaller.getMessagePrototype())).newBuilderForType();
    TextFormat.merge(request, builder);
    return (Q) builder.build();
  }
}
