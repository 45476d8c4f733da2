package io.cadastre.kv.auth;

import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.request.EtcdError;
import java.util.Map;

/**
 * Who may do what. It is changed by the thread that applies, the same on every member. Others look
 * at the {@link #state}.
 */
public final class AuthStore {

  private final Tokens tokens;
  private final UserChanges users = new UserChanges(this);
  private final RoleChanges roles = new RoleChanges(this);
  private volatile AuthState state =
      new AuthState(false, AuthState.FIRST_REVISION, Map.of(), Map.of());

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

  public UserChanges users() {
    return users;
  }

  public RoleChanges roles() {
    return roles;
  }

  /** Takes up what an engine holds. */
  public void restore(StorageEngine engine) {
    state = AuthRecords.read(engine);
  }

  /** From now on only users may do anything. Without a root user nobody could. */
  public void enable(MvccStore store) {
    AuthState now = state;
    if (now.enabled()) {
      return;
    }
    if (now.user(AuthState.ROOT) == null) {
      throw EtcdError.ROOT_USER_NOT_EXIST.exception();
    }
    if (!now.hasRootRole(AuthState.ROOT)) {
      throw EtcdError.ROOT_ROLE_NOT_EXIST.exception();
    }
    store.alongside(changes -> AuthRecords.putEnabled(changes, true));
    state = new AuthState(true, now.revision(), now.users(), now.roles());
  }

  /** From now on everybody may do everything. */
  public void disable(MvccStore store) {
    if (state.enabled()) {
      AuthEdit edit = new AuthEdit(state);
      edit.disable();
      commit(store, edit);
      tokens.clear();
    }
  }

  void commit(MvccStore store, AuthEdit edit) {
    state = edit.commit(store);
  }
}
