package io.cadastre.kv.request;

import io.grpc.Status;

/**
 * Errors of the API. Clients tell them apart by their text, so the texts are etcd's (its package
 * rpctypes), and so are the codes.
 */
public enum EtcdError {
  EMPTY_KEY(Status.Code.INVALID_ARGUMENT, "key is not provided"),
  KEY_NOT_FOUND(Status.Code.INVALID_ARGUMENT, "key not found"),
  VALUE_PROVIDED(Status.Code.INVALID_ARGUMENT, "value is provided"),
  LEASE_PROVIDED(Status.Code.INVALID_ARGUMENT, "lease is provided"),
  TOO_MANY_OPS(Status.Code.INVALID_ARGUMENT, "too many operations in txn request"),
  DUPLICATE_KEY(Status.Code.INVALID_ARGUMENT, "duplicate key given in txn request"),
  INVALID_SORT_OPTION(Status.Code.INVALID_ARGUMENT, "invalid sort option"),
  REQUEST_TOO_LARGE(Status.Code.INVALID_ARGUMENT, "request is too large"),
  COMPACTED(Status.Code.OUT_OF_RANGE, "mvcc: required revision has been compacted"),
  FUTURE_REVISION(Status.Code.OUT_OF_RANGE, "mvcc: required revision is a future revision"),
  LEASE_NOT_FOUND(Status.Code.NOT_FOUND, "requested lease not found"),
  LEASE_EXISTS(Status.Code.FAILED_PRECONDITION, "lease already exists"),
  LEASE_TTL_TOO_LARGE(Status.Code.OUT_OF_RANGE, "too large lease TTL"),
  NOT_LEADER(Status.Code.FAILED_PRECONDITION, "not leader"),
  USER_EMPTY(Status.Code.INVALID_ARGUMENT, "user name is empty"),
  ROLE_EMPTY(Status.Code.INVALID_ARGUMENT, "role name is empty"),
  AUTH_FAILED(Status.Code.INVALID_ARGUMENT, "authentication failed, invalid user ID or password"),
  PERMISSION_NOT_GIVEN(Status.Code.INVALID_ARGUMENT, "permission not given"),
  INVALID_AUTH_MANAGEMENT(Status.Code.INVALID_ARGUMENT, "invalid auth management"),
  AUTH_OLD_REVISION(Status.Code.INVALID_ARGUMENT, "revision of auth store is old"),
  ROOT_USER_NOT_EXIST(Status.Code.FAILED_PRECONDITION, "root user does not exist"),
  ROOT_ROLE_NOT_EXIST(Status.Code.FAILED_PRECONDITION, "root user does not have root role"),
  USER_EXISTS(Status.Code.FAILED_PRECONDITION, "user name already exists"),
  USER_NOT_FOUND(Status.Code.FAILED_PRECONDITION, "user name not found"),
  ROLE_EXISTS(Status.Code.FAILED_PRECONDITION, "role name already exists"),
  ROLE_NOT_FOUND(Status.Code.FAILED_PRECONDITION, "role name not found"),
  ROLE_NOT_GRANTED(Status.Code.FAILED_PRECONDITION, "role is not granted to the user"),
  PERMISSION_NOT_GRANTED(Status.Code.FAILED_PRECONDITION, "permission is not granted to the role"),
  AUTH_NOT_ENABLED(Status.Code.FAILED_PRECONDITION, "authentication is not enabled"),
  PERMISSION_DENIED(Status.Code.PERMISSION_DENIED, "permission denied"),
  INVALID_AUTH_TOKEN(Status.Code.UNAUTHENTICATED, "invalid auth token"),
  NO_SPACE(Status.Code.RESOURCE_EXHAUSTED, "mvcc: database space exceeded"),
  CORRUPT(Status.Code.DATA_LOSS, "corrupt cluster"),
  STOPPED(Status.Code.UNAVAILABLE, "server stopped"),
  TOO_MANY_REQUESTS(Status.Code.RESOURCE_EXHAUSTED, "too many requests"),
  BAD_LEADER_TRANSFEREE(Status.Code.FAILED_PRECONDITION, "bad leader transferee"),
  INVALID_DOWNGRADE_VERSION(Status.Code.INVALID_ARGUMENT, "invalid downgrade target version"),
  NO_DOWNGRADE(Status.Code.FAILED_PRECONDITION, "no inflight downgrade job"),
  NO_LEADER(Status.Code.UNAVAILABLE, "no leader"),
  /** Not among those that etcd gives a code of their own. */
  TIMEOUT_LEADER_TRANSFER(Status.Code.UNKNOWN, "request timed out, leader transfer took too long"),
  LEADER_CHANGED(Status.Code.UNAVAILABLE, "leader changed"),
  TIMEOUT(Status.Code.UNAVAILABLE, "request timed out"),
  TIMEOUT_LEADER_FAILED(
      Status.Code.UNAVAILABLE, "request timed out, possibly due to previous leader failure"),
  UNHEALTHY(Status.Code.UNAVAILABLE, "unhealthy cluster"),
  NOT_FOR_LEARNER(Status.Code.FAILED_PRECONDITION, "rpc not supported for learner"),
  MEMBER_EXISTS(Status.Code.FAILED_PRECONDITION, "member ID already exist"),
  PEER_URLS_EXIST(Status.Code.FAILED_PRECONDITION, "Peer URLs already exists"),
  MEMBER_NOT_ENOUGH_STARTED(
      Status.Code.FAILED_PRECONDITION, "re-configuration failed due to not enough started members"),
  MEMBER_BAD_URLS(Status.Code.INVALID_ARGUMENT, "given member URLs are invalid"),
  MEMBER_NOT_FOUND(Status.Code.NOT_FOUND, "member not found"),
  MEMBER_NOT_LEARNER(Status.Code.FAILED_PRECONDITION, "can only promote a learner member"),
  LEARNER_NOT_READY(
      Status.Code.FAILED_PRECONDITION,
      "can only promote a learner member which is in sync with leader"),
  TOO_MANY_LEARNERS(Status.Code.FAILED_PRECONDITION, "too many learner members in cluster");

  private final Status.Code code;
  private final String text;

  EtcdError(Status.Code code, String text) {
    this.code = code;
    this.text = "etcdserver: " + text;
  }

  public String text() {
    return text;
  }

  /** As it crosses the wire. */
  public Status status() {
    return code.toStatus().withDescription(text);
  }

  public EtcdException exception() {
    return new EtcdException(this);
  }
}
