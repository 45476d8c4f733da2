package io.cadastre.kv.engine;

/** A key space of its own inside an engine. The names are those of etcd's snapshot file. */
public enum Bucket {
  /** Revision to key and value. */
  KEY("key"),
  META("meta"),
  LEASE("lease"),
  ALARM("alarm"),
  CLUSTER("cluster"),
  MEMBERS("members"),
  MEMBERS_REMOVED("members_removed"),
  AUTH("auth"),
  AUTH_USERS("authUsers"),
  AUTH_ROLES("authRoles");

  private final String snapshotName;

  Bucket(String snapshotName) {
    this.snapshotName = snapshotName;
  }

  /** What the bucket is called in a snapshot file and in hashes. */
  public String snapshotName() {
    return snapshotName;
  }
}
