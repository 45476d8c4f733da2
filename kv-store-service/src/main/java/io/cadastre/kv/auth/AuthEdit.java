package io.cadastre.kv.auth;

import io.cadastre.contracts.kv.auth.Role;
import io.cadastre.contracts.kv.auth.User;
import io.cadastre.kv.engine.Changes;
import io.cadastre.kv.mvcc.MvccStore;
import java.util.HashMap;
import java.util.Map;

/** What one request changes: all of it at once, and the revision with it. */
final class AuthEdit {

  private final AuthState before;
  private final Map<String, User> users;
  private final Map<String, Role> roles;
  private final Changes changes = new Changes();
  private boolean enabled;

  AuthEdit(AuthState before) {
    this.before = before;
    users = new HashMap<>(before.users());
    roles = new HashMap<>(before.roles());
    enabled = before.enabled();
  }

  void disable() {
    enabled = false;
    AuthRecords.putEnabled(changes, false);
  }

  void put(User user) {
    users.put(user.getName().toStringUtf8(), user);
    AuthRecords.put(changes, user);
  }

  void put(Role role) {
    roles.put(role.getName().toStringUtf8(), role);
    AuthRecords.put(changes, role);
  }

  void deleteUser(String name) {
    users.remove(name);
    AuthRecords.deleteUser(changes, name);
  }

  void deleteRole(String name) {
    roles.remove(name);
    AuthRecords.deleteRole(changes, name);
  }

  /** Stores it with what else is applied, and says what holds from then on. */
  AuthState commit(MvccStore store) {
    long revision = before.revision() + 1;
    AuthRecords.putRevision(changes, revision);
    store.alongside(all -> all.addAll(changes));
    return new AuthState(enabled, revision, users, roles);
  }
}
