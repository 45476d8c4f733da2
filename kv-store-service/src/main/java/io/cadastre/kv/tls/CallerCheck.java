package io.cadastre.kv.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Holds certificates that somebody vouches for against {@link TlsRules}. */
final class CallerCheck {

  private final TlsRules rules;
  private final Collection<? extends CRL> revoked;

  CallerCheck(TlsRules rules) throws IOException, GeneralSecurityException {
    this.rules = rules;
    revoked = rules.revoked() == null ? List.of() : read(rules.revoked());
  }

  private static Collection<? extends CRL> read(Path file)
      throws IOException, GeneralSecurityException {
    Collection<? extends CRL> lists =
        CertificateFactory.getInstance("X.509")
            .generateCRLs(new ByteArrayInputStream(Files.readAllBytes(file)));
    if (lists.isEmpty()) {
      throw new IOException(file + ": no list of revoked certificates (allowed: PEM or DER)");
    }
    return lists;
  }

  /** Of either side. */
  void requireValid(X509Certificate[] chain) throws CertificateException {
    for (X509Certificate certificate : chain) {
      if (revoked.stream().anyMatch(list -> list.isRevoked(certificate))) {
        throw new CertificateException("revoked: certificate " + told(certificate));
      }
    }
  }

  /** Of the side that calls. */
  void requireKnown(X509Certificate[] chain) throws CertificateException {
    X509Certificate own = chain[0];
    if (!rules.commonNames().isEmpty() && !rules.commonNames().contains(commonName(own))) {
      throw new CertificateException(told(own) + " (allowed: CN " + rules.commonNames() + ")");
    }
    if (!rules.hosts().isEmpty() && rules.hosts().stream().noneMatch(host -> isFor(own, host))) {
      throw new CertificateException(told(own) + " (allowed: names " + rules.hosts() + ")");
    }
  }

  private static String told(X509Certificate certificate) {
    return certificate.getSerialNumber().toString(16)
        + " of "
        + certificate.getSubjectX500Principal();
  }

  private static String commonName(X509Certificate certificate) throws CertificateException {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(Rdn::getValue)
              .map(String::valueOf)
              .findFirst()
              .orElse("");
    } catch (InvalidNameException e) {
      throw new CertificateException(e);
    }
  }

  private static boolean isFor(X509Certificate certificate, String host) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names != null
          && names.stream()
              .anyMatch(name -> name.get(1) instanceof String text && covers(text, host));
    } catch (CertificateException _) {
      return false;
    }
  }

  /** As for servers: a star stands for one part of a name. */
  private static boolean covers(String name, String host) {
    String lower = name.toLowerCase(Locale.ROOT);
    String wanted = host.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    return lower.equals(wanted)
        || (lower.startsWith("*.") && dot > 0 && lower.substring(1).equals(wanted.substring(dot)));
  }
}
