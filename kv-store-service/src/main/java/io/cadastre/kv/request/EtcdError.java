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
  NOT_LEADER(Status.Code.FAILED_PRECONDITION, "not leader");

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
