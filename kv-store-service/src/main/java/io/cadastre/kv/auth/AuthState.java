package io.cadastre.kv.auth;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.auth.Permission;
import io.cadastre.contracts.kv.auth.Role;
import io.cadastre.contracts.kv.auth.User;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.request.EtcdError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Users and roles as they are after some entry of the log. It never changes; a new one follows. */
public final class AuthState {

  static final String ROOT = "root";
  static final long FIRST_REVISION = 1;

  private static final Permission EVERYTHING =
      Permission.newBuilder()
          .setPermType(Permission.Type.READWRITE)
          .setRangeEnd(ByteString.copyFrom(new byte[] {0}))
          .build();

  private final boolean enabled;
  private final long revision;
  private final NavigableMap<String, User> users;
  private final NavigableMap<String, Role> roles;
  private final Map<String, Permits> permits = new ConcurrentHashMap<>();

  AuthState(boolean enabled, long revision, Map<String, User> users, Map<String, Role> roles) {
    this.enabled = enabled;
    this.revision = revision;
    this.users = new TreeMap<>(users);
    this.roles = new TreeMap<>(roles);
  }

  public boolean enabled() {
    return enabled;
  }

  /** Rises with every change of users and roles. */
  public long revision() {
    return revision;
  }

  NavigableMap<String, User> users() {
    return users;
  }

  NavigableMap<String, Role> roles() {
    return roles;
  }

  @Nullable User user(String name) {
    return users.get(name);
  }

  @Nullable Role role(String name) {
    return roles.get(name);
  }

  User requireUser(String name) {
    User user = users.get(name);
    if (user == null) {
      throw EtcdError.USER_NOT_FOUND.exception();
    }
    return user;
  }

  Role requireRole(String name) {
    Role role = roles.get(name);
    if (role == null) {
      throw EtcdError.ROLE_NOT_FOUND.exception();
    }
    return role;
  }

  /** Refuses who may not read all keys of a range. */
  public void requireRead(Caller caller, ByteString key, ByteString rangeEnd) {
    require(caller, key, rangeEnd, true);
  }

  /** Refuses who may not write all keys of a range. */
  public void requireWrite(Caller caller, ByteString key, ByteString rangeEnd) {
    require(caller, key, rangeEnd, false);
  }

  private void require(Caller caller, ByteString key, ByteString rangeEnd, boolean read) {
    if (!enabled) {
      return;
    }
    User user = known(caller);
    if (isRoot(user)) {
      return;
    }
    Permits mine = permits.computeIfAbsent(caller.user(), _ -> permitsOf(user));
    if (!(read ? mine.read() : mine.write()).containsAll(key, rangeEnd)) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  /** Refuses who does not have the root role. */
  public void requireAdmin(Caller caller) {
    if (enabled && !isRoot(known(caller))) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  /** Refuses who is nobody while users are required. */
  public void requireSomebody(Caller caller) {
    if (enabled) {
      User _ = known(caller);
    }
  }

  private User known(Caller caller) {
    if (caller.user().isEmpty()) {
      throw EtcdError.USER_EMPTY.exception();
    }
    if (caller.authRevision() < revision) {
      throw EtcdError.AUTH_OLD_REVISION.exception();
    }
    User user = users.get(caller.user());
    if (user == null) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
    return user;
  }

  private static boolean isRoot(User user) {
    return user.getRolesList().contains(ROOT);
  }

  /** Names of all users. */
  public List<String> userNames() {
    return List.copyOf(users.keySet());
  }

  /** Names of all roles. */
  public List<String> roleNames() {
    return List.copyOf(roles.keySet());
  }

  /** The roles of a user that has to exist. */
  public List<String> rolesOf(String userName) {
    return requireUser(userName).getRolesList();
  }

  public boolean hasRole(String userName, String roleName) {
    User user = users.get(userName);
    return user != null && user.getRolesList().contains(roleName);
  }

  /** What a role that has to exist allows; root's own is everything. */
  public List<Permission> permissionsOf(String roleName) {
    Role role = requireRole(roleName);
    return roleName.equals(ROOT) ? List.of(EVERYTHING) : role.getKeyPermissionList();
  }

  boolean hasRootRole(String name) {
    User user = users.get(name);
    return user != null && isRoot(user);
  }

  private Permits permitsOf(User user) {
    List<KeyRange> read = new ArrayList<>();
    List<KeyRange> write = new ArrayList<>();
    for (String name : user.getRolesList()) {
      Role role = roles.get(name);
      for (Permission each : role == null ? List.<Permission>of() : role.getKeyPermissionList()) {
        KeyRange range = KeyRange.of(each.getKey(), each.getRangeEnd());
        if (each.getPermType() != Permission.Type.WRITE) {
          read.add(range);
        }
        if (each.getPermType() != Permission.Type.READ) {
          write.add(range);
        }
      }
    }
    return new Permits(KeySpans.of(read), KeySpans.of(write));
  }

  private record Permits(KeySpans read, KeySpans write) {}
}
