package io.cadastre.secrets;

import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import io.cadastre.contracts.events.SealedSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Opens what {@link SecretSealer} sealed, with any enabled key of the private keyset. */
public final class SecretOpener {

  private final HybridDecrypt decrypt;

  private SecretOpener(HybridDecrypt decrypt) {
    this.decrypt = decrypt;
  }

  /**
   * From the JSON of a private keyset.
   *
   * @throws InvalidKeysetException without a word of what the keyset holds
   */
  public static SecretOpener of(String privateKeyset) {
    try {
      return new SecretOpener(
          TinkJsonProtoKeysetFormat.parseKeyset(
                  privateKeyset, Hpke.CONFIGURATION, InsecureSecretKeyAccess.get())
              .getPrimitive(Hpke.CONFIGURATION, HybridDecrypt.class));
    } catch (GeneralSecurityException e) {
      throw new InvalidKeysetException("not a private keyset of Tink for hybrid encryption");
    }
  }

  /** From a file that {@link KeysetFiles} wrote. */
  public static SecretOpener read(Path privateKeysetFile) throws IOException {
    try {
      return of(Files.readString(privateKeysetFile));
    } catch (InvalidKeysetException e) {
      throw e.in(privateKeysetFile);
    }
  }

  /**
   * The secret in UTF-8, in an array of the caller's own to wipe after use.
   *
   * @param context the owner it was sealed for
   * @throws SecretUnreadableException where no key opens it or it was sealed for another owner
   */
  public byte[] open(SealedSecret sealed, String context) {
    try {
      byte[] ciphertext = Base64.getDecoder().decode(sealed.ciphertext());
      return decrypt.decrypt(ciphertext, context.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // The cause stays out: Base64 quotes a character of what it could not read.
      throw new SecretUnreadableException(context);
    }
  }

  @Override
  public String toString() {
    return "SecretOpener[HPKE]";
  }
}
