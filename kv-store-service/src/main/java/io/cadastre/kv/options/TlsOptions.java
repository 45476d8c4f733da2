package io.cadastre.kv.options;

import io.cadastre.kv.tls.TlsFiles;
import io.cadastre.kv.tls.TlsRules;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** etcd's options for certificates: those for clients, and with a prefix those for members. */
final class TlsOptions {

  private static final Map<String, String> RULES =
      Map.of(
          "", "client-crl-file client-cert-allowed-hostname",
          "peer-", "peer-crl-file peer-cert-allowed-hostname peer-cert-allowed-cn");

  private final Options options;
  private final String prefix;

  private TlsOptions(Options options, String prefix) {
    this.options = options;
    this.prefix = prefix;
  }

  /**
   * Reads them.
   *
   * @return null = in the clear
   */
  static @Nullable TlsFiles ofClients(Options options) {
    return new TlsOptions(options, "")
        .read(
            "client-cert-auth",
            options.file("client-crl-file"),
            List.of(),
            options.texts("client-cert-allowed-hostname"));
  }

  /**
   * Reads them.
   *
   * @return null = in the clear
   */
  static @Nullable TlsFiles ofMembers(Options options) {
    return new TlsOptions(options, "peer-")
        .read(
            "peer-client-cert-auth",
            options.file("peer-crl-file"),
            options.texts("peer-cert-allowed-cn"),
            options.texts("peer-cert-allowed-hostname"));
  }

  private @Nullable TlsFiles read(
      String showing, @Nullable Path revoked, List<String> commonNames, List<String> hosts) {
    Path certificates = options.file(prefix + "cert-file");
    Path key = options.file(prefix + "key-file");
    Path authorities = options.file(prefix + "trusted-ca-file");
    boolean shown = options.isOn(showing);
    boolean asksMore = revoked != null || !commonNames.isEmpty() || !hosts.isEmpty();
    if (certificates != null && key != null) {
      if ((shown || asksMore) && authorities == null) {
        throw new IllegalArgumentException(
            "%s, %s: given (allowed: with %strusted-ca-file)"
                .formatted(showing, RULES.get(prefix), prefix));
      }
      List<String> protocols =
          TlsRules.protocols(
              options.oneOf("tls-min-version", "TLS1.2", "TLS1.3"),
              options.oneOf("tls-max-version", "", "TLS1.2", "TLS1.3"));
      if (protocols.isEmpty()) {
        throw options.bad("tls-max-version", "no less than tls-min-version");
      }
      return new TlsFiles(
          certificates,
          key,
          authorities,
          shown,
          new TlsRules(revoked, commonNames, hosts, ciphers(), protocols));
    }
    if (certificates != null || key != null || authorities != null || shown || asksMore) {
      throw new IllegalArgumentException(
          "%1$scert-file, %1$skey-file: one is missing (allowed: both, or none of the options for TLS)"
              .formatted(prefix));
    }
    return null;
  }

  private List<String> ciphers() {
    List<String> wanted = options.texts("cipher-suites");
    try {
      List<String> known =
          List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
      for (String cipher : wanted) {
        if (!known.contains(cipher)) {
          throw new IllegalArgumentException(
              "cipher-suites: " + cipher + " (allowed: " + String.join(", ", known) + ")");
        }
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return wanted;
  }
}
