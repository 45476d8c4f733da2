package io.cadastre.secrets;

import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import io.cadastre.contracts.events.SealedSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;

/** Seals secrets for the workers; holds the public keys only, so it opens none. */
public final class SecretSealer {

  private final HybridEncrypt encrypt;

  private SecretSealer(HybridEncrypt encrypt) {
    this.encrypt = encrypt;
  }

  /**
   * From the JSON of a public keyset.
   *
   * @throws InvalidKeysetException also where it is a private keyset, which has no business here
   */
  public static SecretSealer of(String publicKeyset) {
    try {
      return new SecretSealer(
          TinkJsonProtoKeysetFormat.parseKeysetWithoutSecret(publicKeyset, Hpke.CONFIGURATION)
              .getPrimitive(Hpke.CONFIGURATION, HybridEncrypt.class));
    } catch (GeneralSecurityException e) {
      throw new InvalidKeysetException("not a public keyset of Tink for hybrid encryption");
    }
  }

  /** From a file that {@link KeysetFiles} wrote. */
  public static SecretSealer read(Path publicKeysetFile) throws IOException {
    try {
      return of(Files.readString(publicKeysetFile));
    } catch (InvalidKeysetException e) {
      throw e.in(publicKeysetFile);
    }
  }

  /**
   * Seals {@code secret} for the owner that {@code context} names; it can be opened for that owner
   * alone.
   */
  public SealedSecret seal(String secret, String context) {
    byte[] plaintext = secret.getBytes(StandardCharsets.UTF_8);
    try {
      byte[] ciphertext = encrypt.encrypt(plaintext, context.getBytes(StandardCharsets.UTF_8));
      return new SealedSecret(Base64.getEncoder().encodeToString(ciphertext));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal the secret of " + context, e);
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "SecretSealer[HPKE]";
  }
}
