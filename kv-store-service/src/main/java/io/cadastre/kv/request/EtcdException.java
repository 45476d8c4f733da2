package io.cadastre.kv.request;

/** A request that is refused. It carries no stack: refusing is ordinary work. */
public final class EtcdException extends RuntimeException {

  private final EtcdError error;

  EtcdException(EtcdError error) {
    super(error.text(), null, false, false);
    this.error = error;
  }

  public EtcdError error() {
    return error;
  }
}
