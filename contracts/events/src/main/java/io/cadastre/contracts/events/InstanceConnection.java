package io.cadastre.contracts.events;

import org.jspecify.annotations.Nullable;

/**
 * All a worker needs to connect to a registered instance.
 *
 * @param instanceId the gateway's id, also the context of the sealed password: {@link
 *     #secretContext}
 * @param host name or address as the user gave it; the worker resolves it and checks it against its
 *     address policy
 * @param password absent where the account has none
 * @param caCertificate PEM of the trusted authorities for {@code verify-ca} and {@code
 *     verify-full}; absent = those of the JDK
 */
public record InstanceConnection(
    long instanceId,
    Engine engine,
    String host,
    int port,
    String username,
    @Nullable SealedSecret password,
    TlsMode tlsMode,
    @Nullable String caCertificate) {

  /**
   * What the password is bound to when it is sealed: a secret moved to another id cannot be opened.
   */
  public static String secretContext(long instanceId) {
    return "instance/" + instanceId;
  }
}
