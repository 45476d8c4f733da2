package io.cadastre.kv.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.cadastre.contracts.kv.AuthRoleGrantPermissionRequest;
import io.cadastre.contracts.kv.AuthRoleRevokePermissionRequest;
import io.cadastre.contracts.kv.AuthUserAddRequest;
import io.cadastre.contracts.kv.AuthUserChangePasswordRequest;
import io.cadastre.contracts.kv.auth.Permission;
import io.cadastre.contracts.kv.auth.Role;
import io.cadastre.contracts.kv.auth.User;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.Changes;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.request.EtcdError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes users and roles: called by the thread that applies, the same on every member. Others look
 * at the {@link #state}.
 */
public final class AuthStore {

  private static final byte[] ENABLED = "authEnabled".getBytes(StandardCharsets.UTF_8);
  private static final byte[] REVISION = "authRevision".getBytes(StandardCharsets.UTF_8);
  private static final String ROOT = AuthState.ROOT;
  private static final long FIRST_REVISION = 1;

  private final Tokens tokens;
  private volatile AuthState state = new AuthState(false, FIRST_REVISION, Map.of(), Map.of());

  public AuthStore(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Who may do what, now. */
  public AuthState state() {
    return state;
  }

  public Tokens tokens() {
    return tokens;
  }

  /** Takes up what an engine holds. */
  public void restore(StorageEngine engine) {
    byte[] enabled = engine.get(Bucket.AUTH, ENABLED);
    byte[] revision = engine.get(Bucket.AUTH, REVISION);
    Map<String, User> users = new HashMap<>();
    Map<String, Role> roles = new HashMap<>();
    engine.scan(
        Bucket.AUTH_USERS,
        new byte[0],
        null,
        (name, value) -> {
          users.put(new String(name, StandardCharsets.UTF_8), user(value));
          return true;
        });
    engine.scan(
        Bucket.AUTH_ROLES,
        new byte[0],
        null,
        (name, value) -> {
          roles.put(new String(name, StandardCharsets.UTF_8), role(value));
          return true;
        });
    state =
        new AuthState(
            enabled != null && enabled.length == 1 && enabled[0] == 1,
            revision == null ? FIRST_REVISION : ByteBuffer.wrap(revision).getLong(),
            users,
            roles);
  }

  private static User user(byte[] value) {
    try {
      return User.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("not a stored user", e);
    }
  }

  private static Role role(byte[] value) {
    try {
      return Role.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("not a stored role", e);
    }
  }

  /** From now on only users may do anything. Without a root user nobody could. */
  public void enable(MvccStore store) {
    AuthState now = state;
    if (now.enabled()) {
      return;
    }
    if (now.user(ROOT) == null) {
      throw EtcdError.ROOT_USER_NOT_EXIST.exception();
    }
    if (!now.hasRootRole(ROOT)) {
      throw EtcdError.ROOT_ROLE_NOT_EXIST.exception();
    }
    store.alongside(changes -> changes.put(Bucket.AUTH, ENABLED, new byte[] {1}));
    state = new AuthState(true, now.revision(), now.users(), now.roles());
  }

  /** From now on everybody may do everything. */
  public void disable(MvccStore store) {
    if (state.enabled()) {
      Edit edit = new Edit();
      edit.enabled = false;
      edit.changes.put(Bucket.AUTH, ENABLED, new byte[] {0});
      edit.commit(store);
      tokens.clear();
    }
  }

  /** Adds a user whose password was hashed before. */
  public void addUser(MvccStore store, AuthUserAddRequest request) {
    String name = request.getName();
    if (name.isEmpty()) {
      throw EtcdError.USER_EMPTY.exception();
    }
    if (state.user(name) != null) {
      throw EtcdError.USER_EXISTS.exception();
    }
    boolean withPassword = !request.getOptions().getNoPassword();
    Edit edit = new Edit();
    edit.put(
        User.newBuilder()
            .setName(ByteString.copyFromUtf8(name))
            .setPassword(withPassword ? hash(request.getHashedPassword()) : ByteString.EMPTY)
            .setOptions(request.getOptions())
            .build());
    edit.commit(store);
  }

  private static ByteString hash(String encoded) {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(encoded));
    } catch (IllegalArgumentException _) {
      throw EtcdError.AUTH_FAILED.exception();
    }
  }

  /** Removes a user; its tokens end. */
  public void deleteUser(MvccStore store, String name) {
    if (state.enabled() && name.equals(ROOT)) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    User _ = existingUser(name);
    Edit edit = new Edit();
    edit.users.remove(name);
    edit.changes.delete(Bucket.AUTH_USERS, utf8(name));
    edit.commit(store);
    tokens.endOf(name);
  }

  /** Gives a user another password, which was hashed before; its tokens end. */
  public void changePassword(MvccStore store, AuthUserChangePasswordRequest request) {
    User user = existingUser(request.getName());
    boolean withPassword = !user.getOptions().getNoPassword();
    Edit edit = new Edit();
    edit.put(
        user.toBuilder()
            .setPassword(withPassword ? hash(request.getHashedPassword()) : ByteString.EMPTY)
            .build());
    edit.commit(store);
    tokens.endOf(request.getName());
  }

  /** Gives a role to a user. */
  public void grantRole(MvccStore store, String userName, String roleName) {
    User user = existingUser(userName);
    if (!roleName.equals(ROOT)) {
      Role _ = existingRole(roleName);
    }
    if (user.getRolesList().contains(roleName)) {
      return;
    }
    List<String> roles = new ArrayList<>(user.getRolesList());
    roles.add(roleName);
    roles.sort(Comparator.naturalOrder());
    Edit edit = new Edit();
    edit.put(user.toBuilder().clearRoles().addAllRoles(roles).build());
    edit.commit(store);
  }

  /** Takes a role from a user. */
  public void revokeRole(MvccStore store, String userName, String roleName) {
    if (state.enabled() && userName.equals(ROOT) && roleName.equals(ROOT)) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    User user = existingUser(userName);
    if (!user.getRolesList().contains(roleName)) {
      throw EtcdError.ROLE_NOT_GRANTED.exception();
    }
    Edit edit = new Edit();
    edit.put(without(user, roleName));
    edit.commit(store);
  }

  private static User without(User user, String roleName) {
    return user.toBuilder()
        .clearRoles()
        .addAllRoles(user.getRolesList().stream().filter(each -> !each.equals(roleName)).toList())
        .build();
  }

  /** Adds a role without permissions. */
  public void addRole(MvccStore store, String name) {
    if (name.isEmpty()) {
      throw EtcdError.ROLE_EMPTY.exception();
    }
    if (state.role(name) != null) {
      throw EtcdError.ROLE_EXISTS.exception();
    }
    Edit edit = new Edit();
    edit.put(Role.newBuilder().setName(ByteString.copyFromUtf8(name)).build());
    edit.commit(store);
  }

  /** Removes a role, also from its users. */
  public void deleteRole(MvccStore store, String name) {
    if (state.enabled() && name.equals(ROOT)) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    Role _ = existingRole(name);
    Edit edit = new Edit();
    edit.roles.remove(name);
    edit.changes.delete(Bucket.AUTH_ROLES, utf8(name));
    state.users().values().stream()
        .filter(user -> user.getRolesList().contains(name))
        .forEach(user -> edit.put(without(user, name)));
    edit.commit(store);
  }

  /** Gives a role a permission, or changes the kind of the one it has on the same range. */
  public void grantPermission(MvccStore store, AuthRoleGrantPermissionRequest request) {
    if (!request.hasPerm()) {
      throw EtcdError.PERMISSION_NOT_GIVEN.exception();
    }
    Permission permission = request.getPerm();
    KeyRange range = KeyRange.of(permission.getKey(), permission.getRangeEnd());
    if (permission.getKey().isEmpty() || range.isEmpty()) {
      throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
    }
    Role role = existingRole(request.getName());
    List<Permission> permissions = new ArrayList<>(role.getKeyPermissionList());
    permissions.removeIf(each -> isOn(each, permission.getKey(), permission.getRangeEnd()));
    permissions.add(permission);
    permissions.sort(
        Comparator.comparing(Permission::getKey, ByteString.unsignedLexicographicalComparator()));
    replacePermissions(store, role, permissions);
  }

  /** Takes a permission from a role; the range has to be the one that was given. */
  public void revokePermission(MvccStore store, AuthRoleRevokePermissionRequest request) {
    Role role = existingRole(request.getRole());
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
    Edit edit = new Edit();
    edit.put(role.toBuilder().clearKeyPermission().addAllKeyPermission(permissions).build());
    edit.commit(store);
  }

  private User existingUser(String name) {
    return existing(state.user(name), EtcdError.USER_NOT_FOUND);
  }

  private Role existingRole(String name) {
    return existing(state.role(name), EtcdError.ROLE_NOT_FOUND);
  }

  private static <T> T existing(@Nullable T found, EtcdError otherwise) {
    if (found == null) {
      throw otherwise.exception();
    }
    return found;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What one request changes. */
  private final class Edit {

    private final Map<String, User> users = new HashMap<>(state.users());
    private final Map<String, Role> roles = new HashMap<>(state.roles());
    private final Changes changes = new Changes();
    private boolean enabled = state.enabled();

    void put(User user) {
      users.put(user.getName().toStringUtf8(), user);
      changes.put(Bucket.AUTH_USERS, user.getName().toByteArray(), user.toByteArray());
    }

    void put(Role role) {
      roles.put(role.getName().toStringUtf8(), role);
      changes.put(Bucket.AUTH_ROLES, role.getName().toByteArray(), role.toByteArray());
    }

    void commit(MvccStore store) {
      long revision = state.revision() + 1;
      byte[] encoded = ByteBuffer.allocate(Long.BYTES).putLong(revision).array();
      changes.put(Bucket.AUTH, REVISION, encoded);
      store.alongside(all -> all.addAll(changes));
      state = new AuthState(enabled, revision, users, roles);
    }
  }
}
