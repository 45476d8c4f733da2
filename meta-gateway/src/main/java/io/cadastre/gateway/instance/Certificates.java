package io.cadastre.gateway.instance;

import io.cadastre.contracts.events.TlsMode;
import io.cadastre.gateway.problem.Violations;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;

/** The PEM of certification authorities. */
final class Certificates {

  private static final String FIELD = "tls.ca_certificate";
  private static final int LENGTH_MAX = 64 * 1024;

  private Certificates() {}

  /** The PEM as it is kept; never quoted, since a private key may have been pasted. */
  static @Nullable String check(Violations violations, TlsMode mode, @Nullable String pem) {
    if (pem == null || pem.isBlank()) {
      return null;
    }
    if (mode.compareTo(TlsMode.VERIFY_CA) < 0) {
      violations.add(FIELD, null, "absent unless tls.mode is verify-ca or verify-full");
    } else if (pem.contains("PRIVATE KEY")) {
      violations.add(FIELD, null, "certificates only, no private key");
    } else if (pem.length() > LENGTH_MAX || !holdsCertificates(pem)) {
      violations.add(
          FIELD, null, "X.509 certificates in PEM, at most " + LENGTH_MAX + " characters");
    }
    return pem.strip() + "\n";
  }

  private static boolean holdsCertificates(String pem) {
    try {
      byte[] ascii = pem.getBytes(StandardCharsets.US_ASCII);
      return !CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(ascii))
          .isEmpty();
    } catch (CertificateException e) {
      return false;
    }
  }
}
