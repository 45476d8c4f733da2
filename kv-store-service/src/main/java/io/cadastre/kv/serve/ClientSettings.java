package io.cadastre.kv.serve;

import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.tls.TlsFiles;
import org.jspecify.annotations.Nullable;

/**
 * How clients are met.
 *
 * @param tls null = in the clear
 * @param usersByCertificate whether the name in a client's certificate is that of a user
 * @param reflection whether clients may ask for the services' own description
 * @param callTimes whether it is counted how long calls take
 * @param connections what their connections may take
 * @param json whether the API is served as JSON, too
 */
public record ClientSettings(
    @Nullable TlsFiles tls,
    boolean usersByCertificate,
    boolean reflection,
    boolean callTimes,
    ConnectionLimits connections,
    boolean json,
    ClientLimits limits) {

  /** In the clear, and no more than etcd does. */
  public static final ClientSettings DEFAULT = new ClientSettings(null, false, false, false);

  /** With as many connections as the process can hold. */
  public ClientSettings(
      @Nullable TlsFiles tls, boolean usersByCertificate, boolean reflection, boolean callTimes) {
    this(
        tls,
        usersByCertificate,
        reflection,
        callTimes,
        ConnectionLimits.ofProcess(),
        true,
        ClientLimits.DEFAULT);
  }

  /** With the usual limits of requests. */
  public ClientSettings(
      @Nullable TlsFiles tls,
      boolean usersByCertificate,
      boolean reflection,
      boolean callTimes,
      ConnectionLimits connections) {
    this(tls, usersByCertificate, reflection, callTimes, connections, true, ClientLimits.DEFAULT);
  }

  /** Of URLs under which clients come in. */
  public String scheme() {
    return tls == null ? "http" : "https";
  }
}
