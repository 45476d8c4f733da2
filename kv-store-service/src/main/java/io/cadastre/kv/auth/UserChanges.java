package io.cadastre.kv.auth;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.AuthUserAddRequest;
import io.cadastre.contracts.kv.AuthUserChangePasswordRequest;
import io.cadastre.contracts.kv.auth.Role;
import io.cadastre.contracts.kv.auth.User;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.request.EtcdError;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/** Changes users. */
public final class UserChanges {

  private final AuthStore auth;

  UserChanges(AuthStore auth) {
    this.auth = auth;
  }

  /** Adds a user whose password was hashed before. */
  public void add(MvccStore store, AuthUserAddRequest request) {
    String name = request.getName();
    if (name.isEmpty()) {
      throw EtcdError.USER_EMPTY.exception();
    }
    if (auth.state().user(name) != null) {
      throw EtcdError.USER_EXISTS.exception();
    }
    boolean withPassword = !request.getOptions().getNoPassword();
    AuthEdit edit = new AuthEdit(auth.state());
    edit.put(
        User.newBuilder()
            .setName(ByteString.copyFromUtf8(name))
            .setPassword(withPassword ? hash(request.getHashedPassword()) : ByteString.EMPTY)
            .setOptions(request.getOptions())
            .build());
    auth.commit(store, edit);
  }

  private static ByteString hash(String encoded) {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(encoded));
    } catch (IllegalArgumentException _) {
      throw EtcdError.AUTH_FAILED.exception();
    }
  }

  /** Removes a user; its tokens end. */
  public void delete(MvccStore store, String name) {
    if (auth.state().enabled() && name.equals(AuthState.ROOT)) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    User _ = auth.state().requireUser(name);
    AuthEdit edit = new AuthEdit(auth.state());
    edit.deleteUser(name);
    auth.commit(store, edit);
    auth.tokens().endOf(name);
  }

  /** Gives a user another password, which was hashed before; its tokens end. */
  public void changePassword(MvccStore store, AuthUserChangePasswordRequest request) {
    User user = auth.state().requireUser(request.getName());
    boolean withPassword = !user.getOptions().getNoPassword();
    AuthEdit edit = new AuthEdit(auth.state());
    edit.put(
        user.toBuilder()
            .setPassword(withPassword ? hash(request.getHashedPassword()) : ByteString.EMPTY)
            .build());
    auth.commit(store, edit);
    auth.tokens().endOf(request.getName());
  }

  /** Gives a role to a user. */
  public void grant(MvccStore store, String userName, String roleName) {
    User user = auth.state().requireUser(userName);
    if (!roleName.equals(AuthState.ROOT)) {
      Role _ = auth.state().requireRole(roleName);
    }
    if (user.getRolesList().contains(roleName)) {
      return;
    }
    List<String> roles = new ArrayList<>(user.getRolesList());
    roles.add(roleName);
    roles.sort(Comparator.naturalOrder());
    AuthEdit edit = new AuthEdit(auth.state());
    edit.put(user.toBuilder().clearRoles().addAllRoles(roles).build());
    auth.commit(store, edit);
  }

  /** Takes a role from a user. */
  public void revoke(MvccStore store, String userName, String roleName) {
    if (auth.state().enabled()
        && userName.equals(AuthState.ROOT)
        && roleName.equals(AuthState.ROOT)) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    User user = auth.state().requireUser(userName);
    if (!user.getRolesList().contains(roleName)) {
      throw EtcdError.ROLE_NOT_GRANTED.exception();
    }
    AuthEdit edit = new AuthEdit(auth.state());
    edit.put(without(user, roleName));
    auth.commit(store, edit);
  }

  static User without(User user, String roleName) {
    return user.toBuilder()
        .clearRoles()
        .addAllRoles(user.getRolesList().stream().filter(each -> !each.equals(roleName)).toList())
        .build();
  }
}
