package io.cadastre.contracts.events;

/**
 * A secret encrypted for the workers; whoever carries it cannot read it.
 *
 * @param ciphertext base64 of a Tink hybrid encryption whose context is the owner's id
 */
public record SealedSecret(String ciphertext) {

  /** Names no byte of the secret, sealed or not, so that a log line never holds it. */
  @Override
  public String toString() {
    return "SealedSecret[…]";
  }
}
