package io.cadastre.kv.cluster;

import io.cadastre.kv.request.EtcdError;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** URLs under which members reach each other. */
public final class PeerUrls {

  private PeerUrls() {}

  /** Checks what a client gives. */
  public static void check(List<String> urls) {
    if (urls.isEmpty()) {
      throw EtcdError.MEMBER_BAD_URLS.exception();
    }
    for (String url : urls) {
      try {
        parse(url);
      } catch (IllegalArgumentException _) {
        throw EtcdError.MEMBER_BAD_URLS.exception();
      }
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException where it is no http(s)://host:port
   */
  public static URI parse(String url) {
    try {
      URI parsed = new URI(url);
      boolean scheme = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
      boolean bare = parsed.getPath() == null || parsed.getPath().isEmpty();
      if (scheme && bare && parsed.getHost() != null && parsed.getPort() >= 0) {
        return parsed;
      }
    } catch (URISyntaxException _) {
      // Told below.
    }
    throw new IllegalArgumentException("peer URL: " + url + " (allowed: http(s)://host:port)");
  }
}
