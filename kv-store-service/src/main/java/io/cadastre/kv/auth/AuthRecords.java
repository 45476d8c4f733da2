package io.cadastre.kv.auth;

import com.google.protobuf.InvalidProtocolBufferException;
import io.cadastre.contracts.kv.auth.Role;
import io.cadastre.contracts.kv.auth.User;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.Changes;
import io.cadastre.kv.engine.StorageEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Users and roles as etcd stores them. */
final class AuthRecords {

  private static final byte[] ENABLED = "authEnabled".getBytes(StandardCharsets.UTF_8);
  private static final byte[] REVISION = "authRevision".getBytes(StandardCharsets.UTF_8);

  private AuthRecords() {}

  static AuthState read(StorageEngine engine) {
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
    return new AuthState(
        enabled != null && enabled.length == 1 && enabled[0] == 1,
        revision == null ? AuthState.FIRST_REVISION : ByteBuffer.wrap(revision).getLong(),
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

  static void putEnabled(Changes changes, boolean enabled) {
    changes.put(Bucket.AUTH, ENABLED, new byte[] {(byte) (enabled ? 1 : 0)});
  }

  static void putRevision(Changes changes, long revision) {
    changes.put(Bucket.AUTH, REVISION, ByteBuffer.allocate(Long.BYTES).putLong(revision).array());
  }

  static void put(Changes changes, User user) {
    changes.put(Bucket.AUTH_USERS, user.getName().toByteArray(), user.toByteArray());
  }

  static void put(Changes changes, Role role) {
    changes.put(Bucket.AUTH_ROLES, role.getName().toByteArray(), role.toByteArray());
  }

  static void deleteUser(Changes changes, String name) {
    changes.delete(Bucket.AUTH_USERS, name.getBytes(StandardCharsets.UTF_8));
  }

  static void deleteRole(Changes changes, String name) {
    changes.delete(Bucket.AUTH_ROLES, name.getBytes(StandardCharsets.UTF_8));
  }
}
