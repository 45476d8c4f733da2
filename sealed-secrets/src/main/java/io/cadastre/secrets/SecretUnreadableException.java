package io.cadastre.secrets;

/**
 * A sealed secret that the keys at hand do not open: sealed with other keys, for another owner, or
 * damaged.
 */
public final class SecretUnreadableException extends RuntimeException {

  private final String context;

  SecretUnreadableException(String context) {
    super("the sealed secret of " + context + " cannot be opened with the keys of this service");
    this.context = context;
  }

  /** The id of the secret's owner. */
  public String context() {
    return context;
  }
}
