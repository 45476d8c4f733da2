package io.cadastre.kv.state;

import com.google.protobuf.Message;
import io.cadastre.contracts.kv.AlarmRequest.AlarmAction;
import io.cadastre.contracts.kv.AuthDisableResponse;
import io.cadastre.contracts.kv.AuthEnableResponse;
import io.cadastre.contracts.kv.AuthRoleAddResponse;
import io.cadastre.contracts.kv.AuthRoleDeleteResponse;
import io.cadastre.contracts.kv.AuthRoleGrantPermissionResponse;
import io.cadastre.contracts.kv.AuthRoleRevokePermissionResponse;
import io.cadastre.contracts.kv.AuthUserAddResponse;
import io.cadastre.contracts.kv.AuthUserChangePasswordResponse;
import io.cadastre.contracts.kv.AuthUserDeleteResponse;
import io.cadastre.contracts.kv.AuthUserGrantRoleResponse;
import io.cadastre.contracts.kv.AuthUserRevokeRoleResponse;
import io.cadastre.contracts.kv.AuthenticateResponse;
import io.cadastre.contracts.kv.CompactionResponse;
import io.cadastre.contracts.kv.LeaseGrantRequest;
import io.cadastre.contracts.kv.LeaseGrantResponse;
import io.cadastre.contracts.kv.LeaseRevokeResponse;
import io.cadastre.contracts.kv.MemberListResponse;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.contracts.kv.command.Token;
import io.cadastre.kv.alarm.Alarms;
import io.cadastre.kv.apply.KvApplier;
import io.cadastre.kv.auth.AuthStore;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.auth.RequestAccess;
import io.cadastre.kv.auth.Tokens;
import io.cadastre.kv.cluster.Members;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.lease.LeaseBook;
import io.cadastre.kv.mvcc.CompactedException;
import io.cadastre.kv.mvcc.FutureRevisionException;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.Transaction;
import io.cadastre.kv.request.EtcdError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a member is after the entries of the log that it applied. The same entries make the same of
 * every member: nothing here looks at a clock, at chance or at the outside.
 */
public final class StateMachine {

  /** As etcd names it, so that its tools find it in snapshots. */
  private static final byte[] APPLIED_INDEX = "consistent_index".getBytes(StandardCharsets.UTF_8);

  private final StorageEngine engine;
  private final MvccStore store;
  private final LeaseBook leases;
  private final AuthStore auth;
  private final Alarms alarms = new Alarms();
  private final Members members = new Members();
  private final KvApplier kv;
  private volatile long appliedIndex;

  /**
   * Takes up what an engine holds.
   *
   * @param nanos for what is this member's own: the deadlines of leases
   */
  public StateMachine(StorageEngine engine, Tokens tokens, LongSupplier nanos) {
    this.engine = engine;
    leases = new LeaseBook(nanos);
    leases.restore(engine);
    store = MvccStore.open(engine, leases::attach);
    auth = new AuthStore(tokens);
    auth.restore(engine);
    alarms.restore(engine);
    members.restore(engine);
    kv = new KvApplier(store, leases);
    byte[] index = engine.get(Bucket.META, APPLIED_INDEX);
    appliedIndex = index == null ? 0 : ByteBuffer.wrap(index).getLong();
  }

  public StorageEngine engine() {
    return engine;
  }

  public MvccStore store() {
    return store;
  }

  public LeaseBook leases() {
    return leases;
  }

  public AuthStore auth() {
    return auth;
  }

  public Alarms alarms() {
    return alarms;
  }

  public Members members() {
    return members;
  }

  /** The last entry whose effects are visible. */
  public long appliedIndex() {
    return appliedIndex;
  }

  /** Makes visible what was applied since the last time; says what watchers have to hear. */
  public List<Transaction> commit(long index) {
    byte[] encoded = ByteBuffer.allocate(Long.BYTES).putLong(index).array();
    List<Transaction> committed =
        store.commit(changes -> changes.put(Bucket.META, APPLIED_INDEX, encoded));
    appliedIndex = index;
    return committed;
  }

  /**
   * Applies one entry. The response carries no header but the revision.
   *
   * @throws io.cadastre.kv.request.EtcdException where it is refused; then it changed nothing
   */
  public Message apply(Command command) {
    Caller caller = new Caller(command.getUser(), command.getAuthRevision());
    RequestAccess access = new RequestAccess(auth.state(), caller, leases::keys);
    return switch (command.getRequestCase()) {
      case PUT -> {
        alarms.requireSpace();
        access.put(command.getPut());
        yield kv.put(command.getPut());
      }
      case DELETE_RANGE -> {
        alarms.requireIntact();
        access.deleteRange(command.getDeleteRange());
        yield kv.deleteRange(command.getDeleteRange());
      }
      case TXN -> {
        alarms.requireSpace(command.getTxn());
        access.txn(command.getTxn());
        yield kv.txn(command.getTxn());
      }
      case COMPACT -> {
        auth.state().requireSomebody(caller);
        yield compact(command.getCompact().getRevision());
      }
      case LEASE_GRANT -> {
        auth.state().requireSomebody(caller);
        yield grant(command.getLeaseGrant());
      }
      case LEASE_REVOKE -> {
        alarms.requireIntact();
        auth.state().requireSomebody(caller);
        access.lease(command.getLeaseRevoke().getID());
        leases.revoke(store, command.getLeaseRevoke().getID());
        yield LeaseRevokeResponse.getDefaultInstance();
      }
      case EXPIRED_LEASES -> {
        command.getExpiredLeases().getIdsList().stream()
            .filter(leases::exists)
            .forEach(id -> leases.revoke(store, id));
        yield LeaseRevokeResponse.getDefaultInstance();
      }
      case LEASE_CHECKPOINTS -> {
        command.getLeaseCheckpoints().getLeftSecondsMap().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .forEach(each -> leases.checkpoint(store, each.getKey(), each.getValue()));
        yield LeaseRevokeResponse.getDefaultInstance();
      }
      case ALARM -> {
        if (command.getAlarm().getAction() == AlarmAction.GET) {
          auth.state().requireSomebody(caller);
        } else {
          auth.state().requireAdmin(caller);
        }
        yield alarms.apply(store, command.getAlarm());
      }
      case TOKEN -> token(command.getToken());
      case TERM_BEGAN -> {
        members.begin(store, command.getTermBegan());
        yield MemberListResponse.getDefaultInstance();
      }
      case MEMBER_PUBLISHED -> {
        members.publish(store, command.getMemberPublished());
        yield MemberListResponse.getDefaultInstance();
      }
      case REQUEST_NOT_SET ->
          throw new IllegalStateException("an entry of a kind that this version does not know");
      default -> {
        auth.state().requireAdmin(caller);
        yield manage(command);
      }
    };
  }

  private Message compact(long revision) {
    alarms.requireIntact();
    try {
      store.compact(revision);
    } catch (CompactedException _) {
      throw EtcdError.COMPACTED.exception();
    } catch (FutureRevisionException _) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
    return CompactionResponse.getDefaultInstance();
  }

  private Message grant(LeaseGrantRequest request) {
    alarms.requireSpace();
    long ttl = leases.grant(store, request.getID(), request.getTTL());
    return LeaseGrantResponse.newBuilder().setID(request.getID()).setTTL(ttl).build();
  }

  private Message token(Token token) {
    if (!auth.state().enabled()) {
      throw EtcdError.AUTH_NOT_ENABLED.exception();
    }
    if (token.getAuthRevision() < auth.state().revision()) {
      throw EtcdError.AUTH_OLD_REVISION.exception();
    }
    auth.tokens().assign(token.getToken(), token.getUser());
    return AuthenticateResponse.newBuilder().setToken(token.getToken()).build();
  }

  private Message manage(Command command) {
    return switch (command.getRequestCase()) {
      case AUTH_ENABLE -> {
        auth.enable(store);
        yield AuthEnableResponse.getDefaultInstance();
      }
      case AUTH_DISABLE -> {
        auth.disable(store);
        yield AuthDisableResponse.getDefaultInstance();
      }
      case USER_ADD -> {
        auth.users().add(store, command.getUserAdd());
        yield AuthUserAddResponse.getDefaultInstance();
      }
      case USER_DELETE -> {
        auth.users().delete(store, command.getUserDelete().getName());
        yield AuthUserDeleteResponse.getDefaultInstance();
      }
      case USER_CHANGE_PASSWORD -> {
        auth.users().changePassword(store, command.getUserChangePassword());
        yield AuthUserChangePasswordResponse.getDefaultInstance();
      }
      case USER_GRANT_ROLE -> {
        var request = command.getUserGrantRole();
        auth.users().grant(store, request.getUser(), request.getRole());
        yield AuthUserGrantRoleResponse.getDefaultInstance();
      }
      case USER_REVOKE_ROLE -> {
        var request = command.getUserRevokeRole();
        auth.users().revoke(store, request.getName(), request.getRole());
        yield AuthUserRevokeRoleResponse.getDefaultInstance();
      }
      case ROLE_ADD -> {
        auth.roles().add(store, command.getRoleAdd().getName());
        yield AuthRoleAddResponse.getDefaultInstance();
      }
      case ROLE_DELETE -> {
        auth.roles().delete(store, command.getRoleDelete().getRole());
        yield AuthRoleDeleteResponse.getDefaultInstance();
      }
      case ROLE_GRANT_PERMISSION -> {
        auth.roles().grant(store, command.getRoleGrantPermission());
        yield AuthRoleGrantPermissionResponse.getDefaultInstance();
      }
      case ROLE_REVOKE_PERMISSION -> {
        auth.roles().revoke(store, command.getRoleRevokePermission());
        yield AuthRoleRevokePermissionResponse.getDefaultInstance();
      }
      case MEMBER_ADDITION -> members.add(store, command.getMemberAddition());
      case MEMBER_REMOVAL -> members.remove(store, command.getMemberRemoval().getID());
      case MEMBER_UPDATE -> {
        var request = command.getMemberUpdate();
        yield members.update(store, request.getID(), request.getPeerURLsList());
      }
      case MEMBER_PROMOTION -> members.promote(store, command.getMemberPromotion().getID());
      default -> throw new IllegalStateException("not to be managed: " + command.getRequestCase());
    };
  }
}
