package io.cadastre.kv.tls;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the other side beyond that somebody vouches for it.
 *
 * @param revoked a file with lists of certificates that do not count any more
 * @param commonNames who calls has to have one of them; empty = anybody
 * @param hosts who calls has to have one of them among its names and addresses; empty = anybody
 * @param ciphers of TLS 1.2; empty = those that are usual
 * @param protocols as the JDK calls them
 */
public record TlsRules(
    @Nullable Path revoked,
    List<String> commonNames,
    List<String> hosts,
    List<String> ciphers,
    List<String> protocols) {

  private static final String NEWEST = "TLSv1.3";
  private static final String OLDEST = "TLSv1.2";

  /** Nothing more. */
  public static final TlsRules NONE =
      new TlsRules(null, List.of(), List.of(), List.of(), List.of(NEWEST, OLDEST));

  public TlsRules {
    commonNames = List.copyOf(commonNames);
    hosts = List.copyOf(hosts);
    ciphers = List.copyOf(ciphers);
    protocols = List.copyOf(protocols);
  }

  /** The versions of TLS from one to another, under etcd's names; empty = any. */
  public static List<String> protocols(String least, String most) {
    boolean old = !least.equals("TLS1.3");
    boolean modern = !most.equals("TLS1.2");
    return old && modern
        ? List.of(NEWEST, OLDEST)
        : old ? List.of(OLDEST) : modern ? List.of(NEWEST) : List.of();
  }
}
