package io.cadastre.kv.auth;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.AuthRoleGrantPermissionRequest;
import io.cadastre.contracts.kv.AuthRoleRevokePermissionRequest;
import io.cadastre.contracts.kv.auth.Permission;
import io.cadastre.contracts.kv.auth.Role;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.request.EtcdError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changes roles and what they allow. */
public final class RoleChanges {

  private final AuthStore auth;

  RoleChanges(AuthStore auth) {
    this.auth = auth;
  }

  /** Adds a role without permissions. */
  public void add(MvccStore store, String name) {
    if (name.isEmpty()) {
      throw EtcdError.ROLE_EMPTY.exception();
    }
    if (auth.state().role(name) != null) {
      throw EtcdError.ROLE_EXISTS.exception();
    }
    AuthEdit edit = new AuthEdit(auth.state());
    edit.put(Role.newBuilder().setName(ByteString.copyFromUtf8(name)).build());
    auth.commit(store, edit);
  }

  /** Removes a role, also from its users. */
  public void delete(MvccStore store, String name) {
    if (auth.state().enabled() && name.equals(AuthState.ROOT)) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    Role _ = auth.state().requireRole(name);
    AuthEdit edit = new AuthEdit(auth.state());
    edit.deleteRole(name);
    auth.state().users().values().stream()
        .filter(user -> user.getRolesList().contains(name))
        .forEach(user -> edit.put(UserChanges.without(user, name)));
    auth.commit(store, edit);
  }

  /** Gives a role a permission, or changes the kind of the one it has on the same range. */
  public void grant(MvccStore store, AuthRoleGrantPermissionRequest request) {
    if (!request.hasPerm()) {
      throw EtcdError.PERMISSION_NOT_GIVEN.exception();
    }
    Permission permission = request.getPerm();
    KeyRange range = KeyRange.of(permission.getKey(), permission.getRangeEnd());
    if (permission.getKey().isEmpty() || range.isEmpty()) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    Role role = auth.state().requireRole(request.getName());
    List<Permission> permissions = new ArrayList<>(role.getKeyPermissionList());
    permissions.removeIf(each -> isOn(each, permission.getKey(), permission.getRangeEnd()));
    permissions.add(permission);
    permissions.sort(
        Comparator.comparing(Permission::getKey, ByteString.unsignedLexicographicalComparator()));
    replacePermissions(store, role, permissions);
  }

  /** Takes a permission from a role; the range has to be the one that was given. */
  public void revoke(MvccStore store, AuthRoleRevokePermissionRequest request) {
    Role role = auth.state().requireRole(request.getRole());
    List<Permission> permissions = new ArrayList<>(role.getKeyPermissionList());
    if (!permissions.removeIf(each -> isOn(each, request.getKey(), request.getRangeEnd()))) {
      throw EtcdError.PERMISSION_NOT_GRANTED.exception();
    }
    replacePermissions(store, role, permissions);
  }

  private static boolean isOn(Permission permission, ByteString key, ByteString rangeEnd) {
    return permission.getKey().equals(key) && permission.getRangeEnd().equals(rangeEnd);
  }

  private void replacePermissions(MvccStore store, Role role, List<Permission> permissions) {
    AuthEdit edit = new AuthEdit(auth.state());
    edit.put(role.toBuilder().clearKeyPermission().addAllKeyPermission(permissions).build());
    auth.commit(store, edit);
  }
}
