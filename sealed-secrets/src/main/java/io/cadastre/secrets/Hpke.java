package io.cadastre.secrets;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HybridConfig;
import java.security.GeneralSecurityException;

/** The one cipher of this module; Tink's registry must know it before a keyset is read. */
final class Hpke {

  static final HpkeParameters PARAMETERS;
  static final Configuration CONFIGURATION;

  static {
    try {
      HybridConfig.register();
      CONFIGURATION = RegistryConfiguration.get();
      PARAMETERS =
          HpkeParameters.builder()
              .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
              .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
              .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
              // The key's id leads the ciphertext, so that an old key is found after a rotation.
              .setVariant(HpkeParameters.Variant.TINK)
              .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink does not offer HPKE X25519 with AES-256-GCM", e);
    }
  }

  private Hpke() {}
}
