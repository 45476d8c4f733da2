package io.cadastre.kv.serve;

import com.google.protobuf.Message;
import io.cadastre.contracts.kv.AuthDisableRequest;
import io.cadastre.contracts.kv.AuthDisableResponse;
import io.cadastre.contracts.kv.AuthEnableRequest;
import io.cadastre.contracts.kv.AuthEnableResponse;
import io.cadastre.contracts.kv.AuthGrpc;
import io.cadastre.contracts.kv.AuthRoleAddRequest;
import io.cadastre.contracts.kv.AuthRoleAddResponse;
import io.cadastre.contracts.kv.AuthRoleDeleteRequest;
import io.cadastre.contracts.kv.AuthRoleDeleteResponse;
import io.cadastre.contracts.kv.AuthRoleGetRequest;
import io.cadastre.contracts.kv.AuthRoleGetResponse;
import io.cadastre.contracts.kv.AuthRoleGrantPermissionRequest;
import io.cadastre.contracts.kv.AuthRoleGrantPermissionResponse;
import io.cadastre.contracts.kv.AuthRoleListRequest;
import io.cadastre.contracts.kv.AuthRoleListResponse;
import io.cadastre.contracts.kv.AuthRoleRevokePermissionRequest;
import io.cadastre.contracts.kv.AuthRoleRevokePermissionResponse;
import io.cadastre.contracts.kv.AuthStatusRequest;
import io.cadastre.contracts.kv.AuthStatusResponse;
import io.cadastre.contracts.kv.AuthUserAddRequest;
import io.cadastre.contracts.kv.AuthUserAddResponse;
import io.cadastre.contracts.kv.AuthUserChangePasswordRequest;
import io.cadastre.contracts.kv.AuthUserChangePasswordResponse;
import io.cadastre.contracts.kv.AuthUserDeleteRequest;
import io.cadastre.contracts.kv.AuthUserDeleteResponse;
import io.cadastre.contracts.kv.AuthUserGetRequest;
import io.cadastre.contracts.kv.AuthUserGetResponse;
import io.cadastre.contracts.kv.AuthUserGrantRoleRequest;
import io.cadastre.contracts.kv.AuthUserGrantRoleResponse;
import io.cadastre.contracts.kv.AuthUserListRequest;
import io.cadastre.contracts.kv.AuthUserListResponse;
import io.cadastre.contracts.kv.AuthUserRevokeRoleRequest;
import io.cadastre.contracts.kv.AuthUserRevokeRoleResponse;
import io.cadastre.contracts.kv.AuthenticateRequest;
import io.cadastre.contracts.kv.AuthenticateResponse;
import io.cadastre.contracts.kv.command.Token;
import io.cadastre.kv.auth.AuthState;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.auth.Passwords;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/** Users and roles. */
final class AuthService extends AuthGrpc.AuthImplBase {

  private final Answers answers;

  /** Whoever likes may try to sign in, and it takes long. */
  private final Executor passwords;

  AuthService(Answers answers) {
    this.answers = answers;
    passwords = answers.threads().workingInTurn();
  }

  @Override
  public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> out) {
    answers.propose(out, command -> command.setAuthEnable(request));
  }

  @Override
  public void authDisable(AuthDisableRequest request, StreamObserver<AuthDisableResponse> out) {
    answers.propose(out, command -> command.setAuthDisable(request));
  }

  @Override
  public void authStatus(AuthStatusRequest request, StreamObserver<AuthStatusResponse> out) {
    look(
        out,
        (state, _) ->
            AuthStatusResponse.newBuilder()
                .setEnabled(state.enabled())
                .setAuthRevision(state.revision())
                .build());
  }

  @Override
  public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> out) {
    answers.answer(
        out,
        () ->
            // A client that hears from a member behind that there are no users goes on as nobody.
            answers
                .proposals()
                .caughtUp()
                .thenApplyAsync(
                    _ ->
                        Passwords.check(
                            answers.state().auth().state(),
                            request.getName(),
                            request.getPassword()),
                    passwords)
                .thenCompose(revision -> assign(request.getName(), revision)));
  }

  private CompletableFuture<Message> assign(String user, long revision) {
    Token token =
        Token.newBuilder()
            .setUser(user)
            .setToken(answers.state().auth().tokens().create(answers.state().appliedIndex()))
            .setAuthRevision(revision)
            .build();
    return answers.propose(Caller.SERVER, command -> command.setToken(token));
  }

  @Override
  public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> out) {
    proposeHashed(
        out,
        request.getPassword(),
        request.getOptions().getNoPassword() || !request.getHashedPassword().isEmpty(),
        (command, hash) ->
            command.setUserAdd(
                request.toBuilder()
                    .clearPassword()
                    .setHashedPassword(hash.isEmpty() ? request.getHashedPassword() : hash)));
  }

  @Override
  public void userChangePassword(
      AuthUserChangePasswordRequest request, StreamObserver<AuthUserChangePasswordResponse> out) {
    proposeHashed(
        out,
        request.getPassword(),
        !request.getHashedPassword().isEmpty(),
        (command, hash) ->
            command.setUserChangePassword(
                request.toBuilder()
                    .clearPassword()
                    .setHashedPassword(hash.isEmpty() ? request.getHashedPassword() : hash)));
  }

  private <R extends Message> void proposeHashed(
      StreamObserver<R> out, String password, boolean hashed, Hashed request) {
    answers.answer(
        out,
        () -> {
          Caller caller = answers.caller();
          Executor inContext = Context.currentContextExecutor(passwords);
          return CompletableFuture.supplyAsync(
                  () -> hashed ? "" : Passwords.hash(password), inContext)
              .thenCompose(hash -> answers.propose(caller, command -> request.into(command, hash)));
        });
  }

  @Override
  public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> out) {
    look(
        out,
        (state, caller) -> {
          if (!caller.user().equals(request.getName())) {
            state.requireAdmin(caller);
          }
          return AuthUserGetResponse.newBuilder()
              .addAllRoles(state.rolesOf(request.getName()))
              .build();
        });
  }

  @Override
  public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> out) {
    look(
        out,
        (state, caller) -> {
          state.requireAdmin(caller);
          return AuthUserListResponse.newBuilder().addAllUsers(state.userNames()).build();
        });
  }

  @Override
  public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> out) {
    look(
        out,
        (state, caller) -> {
          if (!state.hasRole(caller.user(), request.getRole())) {
            state.requireAdmin(caller);
          }
          return AuthRoleGetResponse.newBuilder()
              .addAllPerm(state.permissionsOf(request.getRole()))
              .build();
        });
  }

  @Override
  public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> out) {
    look(
        out,
        (state, caller) -> {
          state.requireAdmin(caller);
          return AuthRoleListResponse.newBuilder().addAllRoles(state.roleNames()).build();
        });
  }

  /** Who asks is found out at once: later, the thread may be that of somebody else's call. */
  private <R extends Message> void look(
      StreamObserver<R> out, BiFunction<AuthState, Caller, R> reading) {
    answers.answer(
        out,
        () -> {
          Caller caller = answers.caller();
          return answers
              .proposals()
              .caughtUp()
              .thenApply(_ -> reading.apply(answers.state().auth().state(), caller));
        });
  }

  @Override
  public void userDelete(
      AuthUserDeleteRequest request, StreamObserver<AuthUserDeleteResponse> out) {
    answers.propose(out, command -> command.setUserDelete(request));
  }

  @Override
  public void userGrantRole(
      AuthUserGrantRoleRequest request, StreamObserver<AuthUserGrantRoleResponse> out) {
    answers.propose(out, command -> command.setUserGrantRole(request));
  }

  @Override
  public void userRevokeRole(
      AuthUserRevokeRoleRequest request, StreamObserver<AuthUserRevokeRoleResponse> out) {
    answers.propose(out, command -> command.setUserRevokeRole(request));
  }

  @Override
  public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> out) {
    answers.propose(out, command -> command.setRoleAdd(request));
  }

  @Override
  public void roleDelete(
      AuthRoleDeleteRequest request, StreamObserver<AuthRoleDeleteResponse> out) {
    answers.propose(out, command -> command.setRoleDelete(request));
  }

  @Override
  public void roleGrantPermission(
      AuthRoleGrantPermissionRequest request, StreamObserver<AuthRoleGrantPermissionResponse> out) {
    answers.propose(out, command -> command.setRoleGrantPermission(request));
  }

  @Override
  public void roleRevokePermission(
      AuthRoleRevokePermissionRequest request,
      StreamObserver<AuthRoleRevokePermissionResponse> out) {
    answers.propose(out, command -> command.setRoleRevokePermission(request));
  }

  private interface Hashed {
    void into(io.cadastre.contracts.kv.command.Command.Builder command, String hash);
  }
}
