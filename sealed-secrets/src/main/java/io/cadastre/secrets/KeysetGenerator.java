package io.cadastre.secrets;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import java.security.GeneralSecurityException;

/** Makes keysets and adds keys to them. */
public final class KeysetGenerator {

  private KeysetGenerator() {}

  /** A private keyset and the public one that belongs to it, as JSON. */
  public record Keysets(String privateKeyset, String publicKeyset) {

    /** Holds no byte of the private keyset, so that a log line never does. */
    @Override
    public String toString() {
      return "Keysets[…]";
    }
  }

  /** A fresh pair with one key. */
  public static Keysets generate() {
    return build(KeysetHandle.newBuilder());
  }

  /**
   * The same keys and a new one that seals from now on; what the old keys sealed still opens. Hand
   * the private keyset to every worker before the gateway gets the public one.
   */
  public static Keysets rotate(String privateKeyset) {
    try {
      return build(
          KeysetHandle.newBuilder(
              TinkJsonProtoKeysetFormat.parseKeyset(
                  privateKeyset, Hpke.CONFIGURATION, InsecureSecretKeyAccess.get())));
    } catch (GeneralSecurityException e) {
      throw new InvalidKeysetException("not a private keyset of Tink for hybrid encryption");
    }
  }

  private static Keysets build(KeysetHandle.Builder builder) {
    try {
      KeysetHandle privateKeys =
          builder
              .setConfiguration(Hpke.CONFIGURATION)
              .addEntry(
                  KeysetHandle.generateEntryFromParameters(Hpke.PARAMETERS)
                      .withRandomId()
                      .makePrimary())
              .build();
      return new Keysets(
          TinkJsonProtoKeysetFormat.serializeKeyset(
              privateKeys, Hpke.CONFIGURATION, InsecureSecretKeyAccess.get()),
          TinkJsonProtoKeysetFormat.serializeKeysetWithoutSecret(
              privateKeys.getPublicKeysetHandle(), Hpke.CONFIGURATION));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot generate a key for HPKE", e);
    }
  }
}
