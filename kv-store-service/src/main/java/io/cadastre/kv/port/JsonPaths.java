package io.cadastre.kv.port;

import java.util.HashMap;
import java.util.Map;

/** Which call of etcd's API is under which path. */
final class JsonPaths {

  static final Map<String, String> PATHS = new HashMap<>();

  static {
    service(
        "etcdserverpb.KV",
        "kv/range Range",
        "kv/put Put",
        "kv/deleterange DeleteRange",
        "kv/txn Txn",
        "kv/compaction Compact");
    service("etcdserverpb.Watch", "watch Watch");
    service(
        "etcdserverpb.Lease",
        "lease/grant LeaseGrant",
        "lease/revoke LeaseRevoke",
        "kv/lease/revoke LeaseRevoke",
        "lease/keepalive LeaseKeepAlive",
        "lease/timetolive LeaseTimeToLive",
        "kv/lease/timetolive LeaseTimeToLive",
        "lease/leases LeaseLeases",
        "kv/lease/leases LeaseLeases");
    service(
        "etcdserverpb.Cluster",
        "cluster/member/add MemberAdd",
        "cluster/member/remove MemberRemove",
        "cluster/member/update MemberUpdate",
        "cluster/member/list MemberList",
        "cluster/member/promote MemberPromote");
    service(
        "etcdserverpb.Maintenance",
        "maintenance/alarm Alarm",
        "maintenance/status Status",
        "maintenance/defragment Defragment",
        "maintenance/hash Hash",
        "maintenance/hashkv HashKV",
        "maintenance/snapshot Snapshot",
        "maintenance/transfer-leadership MoveLeader",
        "maintenance/downgrade Downgrade");
    service(
        "etcdserverpb.Auth",
        "auth/enable AuthEnable",
        "auth/disable AuthDisable",
        "auth/status AuthStatus",
        "auth/authenticate Authenticate",
        "auth/user/add UserAdd",
        "auth/user/get UserGet",
        "auth/user/list UserList",
        "auth/user/delete UserDelete",
        "auth/user/changepw UserChangePassword",
        "auth/user/grant UserGrantRole",
        "auth/user/revoke UserRevokeRole",
        "auth/role/add RoleAdd",
        "auth/role/get RoleGet",
        "auth/role/list RoleList",
        "auth/role/delete RoleDelete",
        "auth/role/grant RoleGrantPermission",
        "auth/role/revoke RoleRevokePermission");
    service("v3lockpb.Lock", "lock/lock Lock", "lock/unlock Unlock");
    service(
        "v3electionpb.Election",
        "election/campaign Campaign",
        "election/proclaim Proclaim",
        "election/leader Leader",
        "election/observe Observe",
        "election/resign Resign");
  }

  private JsonPaths() {}

  private static void service(String name, String... methods) {
    for (String method : methods) {
      int space = method.indexOf(' ');
      PATHS.put(
          JsonGateway.ROOT + method.substring(0, space), name + "/" + method.substring(space + 1));
    }
  }
}
