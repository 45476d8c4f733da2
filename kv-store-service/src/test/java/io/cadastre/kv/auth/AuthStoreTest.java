package io.cadastre.kv.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.AuthRoleGrantPermissionRequest;
import io.cadastre.contracts.kv.AuthRoleRevokePermissionRequest;
import io.cadastre.contracts.kv.AuthUserAddRequest;
import io.cadastre.contracts.kv.AuthUserChangePasswordRequest;
import io.cadastre.contracts.kv.Compare;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.auth.Permission;
import io.cadastre.contracts.kv.auth.UserAddOptions;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.MvccStore;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AuthStoreTest {

  private static final String FROM_KEY = "\0";

  private final StorageEngine engine = new MemoryEngine();
  private final MvccStore store = MvccStore.open(engine);
  private long now;
  private final Tokens tokens = new Tokens(Duration.ofMinutes(5), () -> now);
  private final AuthStore auth = new AuthStore(tokens);

  @Test
  void withoutARootUserItCannotBeEnabled() {
    refused(() -> auth.enable(store), "root user does not exist");
    addUser("root");
    refused(() -> auth.enable(store), "root user does not have root role");
    auth.users().grant(store, "root", "root");
    auth.enable(store);
    assertThat(auth.state().enabled()).isTrue();
  }

  @Test
  void refusalsOfManagementAreInEtcdsWords() {
    refused(() -> addUser(""), "user name is empty");
    addUser("u");
    refused(() -> addUser("u"), "user name already exists");
    refused(() -> auth.users().delete(store, "x"), "user name not found");
    refused(() -> auth.users().grant(store, "x", "r"), "user name not found");
    refused(() -> auth.users().grant(store, "u", "r"), "role name not found");
    refused(() -> auth.users().revoke(store, "u", "r"), "role is not granted to the user");
    refused(() -> auth.roles().add(store, ""), "role name is empty");
    auth.roles().add(store, "r");
    refused(() -> auth.roles().add(store, "r"), "role name already exists");
    refused(() -> auth.roles().delete(store, "x"), "role name not found");
    refused(() -> permit("x", "a", "", Permission.Type.READ), "role name not found");
    refused(() -> permit("r", "", "", Permission.Type.READ), "invalid auth management");
    refused(() -> permit("r", "b", "a", Permission.Type.READ), "invalid auth management");
    refused(
        () ->
            auth.roles()
                .grant(store, AuthRoleGrantPermissionRequest.newBuilder().setName("r").build()),
        "permission not given");
    refused(
        () ->
            auth.roles()
                .revoke(store, AuthRoleRevokePermissionRequest.newBuilder().setRole("r").build()),
        "permission is not granted to the role");
    enable();
    refused(() -> auth.users().delete(store, "root"), "invalid auth management");
    refused(() -> auth.roles().delete(store, "root"), "invalid auth management");
    refused(() -> auth.users().revoke(store, "root", "root"), "invalid auth management");
  }

  @Test
  void everyChangeRaisesTheRevisionAndEnablingDoesNot() {
    assertThat(auth.state().revision()).isEqualTo(1);
    addUser("root");
    auth.users().grant(store, "root", "root");
    assertThat(auth.state().revision()).isEqualTo(3);
    auth.users().grant(store, "root", "root");
    auth.enable(store);
    assertThat(auth.state().revision()).isEqualTo(3);
    auth.disable(store);
    assertThat(auth.state().revision()).isEqualTo(4);
  }

  @Test
  void aUserMayTouchWhatAllItsRolesTogetherCover() {
    userWithRole("u", "r");
    permit("r", "a", "c", Permission.Type.READ);
    auth.roles().add(store, "s");
    auth.users().grant(store, "u", "s");
    permit("s", "c", "e", Permission.Type.READWRITE);
    permit("s", "x", "", Permission.Type.WRITE);
    enable();
    AuthState state = auth.state();
    Caller u = caller("u");
    state.requireRead(u, utf8("a"), utf8("e"));
    state.requireRead(u, utf8("b"), utf8(""));
    state.requireWrite(u, utf8("d"), utf8(""));
    state.requireWrite(u, utf8("x"), utf8(""));
    refused(() -> state.requireRead(u, utf8("a"), utf8("f")), "permission denied");
    refused(() -> state.requireRead(u, utf8("a"), utf8(FROM_KEY)), "permission denied");
    refused(() -> state.requireWrite(u, utf8("a"), utf8("")), "permission denied");
    refused(() -> state.requireRead(u, utf8("x"), utf8("")), "permission denied");
    refused(() -> state.requireWrite(u, utf8("x"), utf8("xa")), "permission denied");
    refused(() -> state.requireAdmin(u), "permission denied");
    state.requireAdmin(caller("root"));
    state.requireWrite(caller("root"), utf8("a"), utf8(FROM_KEY));
  }

  @Test
  void aPermissionOnOneKeyIsNoneFromThatKeyOn() {
    userWithRole("u", "r");
    permit("r", "a", "", Permission.Type.READ);
    enable();
    auth.state().requireRead(caller("u"), utf8("a"), utf8(""));
    refused(
        () -> auth.state().requireRead(caller("u"), utf8("a"), utf8(FROM_KEY)),
        "permission denied");
    permit("r", "m", FROM_KEY, Permission.Type.READ);
    auth.state().requireRead(caller("u"), utf8("n"), utf8(FROM_KEY));
  }

  @Test
  void takenPermissionsAndRolesDoNotCount() {
    userWithRole("u", "r");
    permit("r", "a", "c", Permission.Type.READ);
    enable();
    Caller before = caller("u");
    auth.roles()
        .revoke(
            store,
            AuthRoleRevokePermissionRequest.newBuilder()
                .setRole("r")
                .setKey(utf8("a"))
                .setRangeEnd(utf8("c"))
                .build());
    refused(
        () -> auth.state().requireRead(before, utf8("a"), utf8("")),
        "revision of auth store is old");
    refused(() -> auth.state().requireRead(caller("u"), utf8("a"), utf8("")), "permission denied");
    permit("r", "a", "c", Permission.Type.READ);
    auth.roles().delete(store, "r");
    refused(() -> auth.state().requireRead(caller("u"), utf8("a"), utf8("")), "permission denied");
  }

  @Test
  void nobodyMayDoNothingOnceItIsEnabled() {
    assertThatCode(() -> auth.state().requireRead(Caller.NOBODY, utf8("a"), utf8("")))
        .doesNotThrowAnyException();
    enable();
    refused(
        () -> auth.state().requireRead(Caller.NOBODY, utf8("a"), utf8("")), "user name is empty");
    refused(
        () -> auth.state().requireRead(new Caller("x", 99), utf8("a"), utf8("")),
        "permission denied");
  }

  @Test
  void transactionsAreHeldToAllThatTheyCouldDo() {
    userWithRole("u", "r");
    permit("r", "a", "", Permission.Type.READ);
    permit("r", "w", "", Permission.Type.READWRITE);
    permit("r", "l", "", Permission.Type.READ);
    enable();
    RequestAccess access =
        new RequestAccess(auth.state(), caller("u"), lease -> List.of(utf8("l")));
    RequestOp read =
        RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(utf8("a"))).build();
    RequestOp write =
        RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(utf8("a"))).build();
    access.txn(TxnRequest.newBuilder().addSuccess(read).build());
    refused(
        () -> access.txn(TxnRequest.newBuilder().addFailure(write).build()), "permission denied");
    refused(
        () ->
            access.txn(
                TxnRequest.newBuilder()
                    .addSuccess(
                        RequestOp.newBuilder()
                            .setRequestTxn(TxnRequest.newBuilder().addSuccess(write)))
                    .build()),
        "permission denied");
    refused(
        () ->
            access.txn(
                TxnRequest.newBuilder().addCompare(Compare.newBuilder().setKey(utf8("b"))).build()),
        "permission denied");
    access.put(PutRequest.newBuilder().setKey(utf8("w")).setPrevKv(true).build());
    refused(
        () -> access.put(PutRequest.newBuilder().setKey(utf8("w")).setLease(7).build()),
        "permission denied");
  }

  @Test
  void passwordsAreCheckedAgainstTheirHash() {
    auth.users()
        .add(
            store,
            AuthUserAddRequest.newBuilder()
                .setName("root")
                .setHashedPassword(Passwords.hash("secret"))
                .build());
    auth.users()
        .add(
            store,
            AuthUserAddRequest.newBuilder()
                .setName("cert")
                .setOptions(UserAddOptions.newBuilder().setNoPassword(true))
                .build());
    refused(() -> check("root", "secret"), "authentication is not enabled");
    auth.users().grant(store, "root", "root");
    auth.enable(store);
    assertThat(Passwords.check(auth.state(), "root", "secret")).isEqualTo(4);
    String wrong = "authentication failed, invalid user ID or password";
    refused(() -> check("root", "other"), wrong);
    refused(() -> check("cert", ""), wrong);
    refused(() -> check("nobody", ""), wrong);
    auth.users()
        .changePassword(
            store,
            AuthUserChangePasswordRequest.newBuilder()
                .setName("root")
                .setHashedPassword(Passwords.hash("other"))
                .build());
    assertThat(Passwords.check(auth.state(), "root", "other")).isEqualTo(5);
    refused(() -> check("root", "secret"), wrong);
  }

  @Test
  void tokensLiveAsLongAsTheyAreUsedAndEndWithTheUser() {
    addUser("u");
    String token = tokens.create(17);
    assertThat(token).hasSizeGreaterThan(16).endsWith(".17");
    refused(() -> tokens.user(token), "invalid auth token");
    tokens.assign(token, "u");
    for (int i = 0; i < 3; i++) {
      now += Duration.ofMinutes(4).toNanos();
      assertThat(tokens.user(token)).isEqualTo("u");
    }
    now += Duration.ofMinutes(5).toNanos();
    refused(() -> tokens.user(token), "invalid auth token");
    String other = tokens.create(18);
    tokens.assign(other, "u");
    auth.users().delete(store, "u");
    refused(() -> tokens.user(other), "invalid auth token");
  }

  @Test
  void everythingSurvivesARestart() {
    userWithRole("u", "r");
    permit("r", "a", "c", Permission.Type.READ);
    enable();
    store.commit(_ -> {});
    AuthStore again = new AuthStore(tokens);
    again.restore(engine);
    assertThat(again.state().enabled()).isTrue();
    assertThat(again.state().revision()).isEqualTo(auth.state().revision());
    again.state().requireRead(caller("u"), utf8("b"), utf8(""));
    refused(() -> again.state().requireAdmin(caller("u")), "permission denied");
  }

  private void check(String name, String password) {
    long _ = Passwords.check(auth.state(), name, password);
  }

  private void userWithRole(String user, String role) {
    addUser(user);
    auth.roles().add(store, role);
    auth.users().grant(store, user, role);
  }

  private void enable() {
    addUser("root");
    auth.users().grant(store, "root", "root");
    auth.enable(store);
  }

  private void addUser(String name) {
    auth.users().add(store, AuthUserAddRequest.newBuilder().setName(name).build());
  }

  private void permit(String role, String key, String rangeEnd, Permission.Type type) {
    auth.roles()
        .grant(
            store,
            AuthRoleGrantPermissionRequest.newBuilder()
                .setName(role)
                .setPerm(
                    Permission.newBuilder()
                        .setKey(utf8(key))
                        .setRangeEnd(utf8(rangeEnd))
                        .setPermType(type))
                .build());
  }

  private Caller caller(String user) {
    return new Caller(user, auth.state().revision());
  }

  private static void refused(ThrowingCallable action, String text) {
    assertThatThrownBy(action).hasMessage("etcdserver: " + text);
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
