package io.cadastre.kv.auth;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Finds out who makes a call: by its token, or by the name in its certificate. */
public final class Callers implements ServerInterceptor {

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<Credentials> CREDENTIALS = Context.key("credentials");

  private final boolean namesFromCertificates;

  /**
   * Makes one.
   *
   * @param namesFromCertificates whether clients have to show a certificate, so that its name
   *     counts
   */
  public Callers(boolean namesFromCertificates) {
    this.namesFromCertificates = namesFromCertificates;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String token = headers.get(TOKEN);
    Credentials credentials =
        new Credentials(
            token == null ? headers.get(AUTHORIZATION) : token,
            namesFromCertificates ? name(call) : null);
    return Contexts.interceptCall(
        Context.current().withValue(CREDENTIALS, credentials), call, headers, next);
  }

  private static @Nullable String name(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return null;
    }
    try {
      X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(part -> part.getValue().toString())
              .findFirst()
              .orElse(null);
    } catch (SSLPeerUnverifiedException | InvalidNameException _) {
      return null;
    }
  }

  /**
   * Who makes the call that this thread handles.
   *
   * @throws io.cadastre.kv.request.EtcdException where the token is none, or none any more
   */
  public static Caller current(AuthStore auth) {
    AuthState state = auth.state();
    Credentials credentials = CREDENTIALS.get();
    if (!state.enabled() || credentials == null) {
      return Caller.NOBODY;
    }
    if (credentials.token != null) {
      return new Caller(auth.tokens().user(credentials.token), state.revision());
    }
    return credentials.name == null
        ? Caller.NOBODY
        : new Caller(credentials.name, state.revision());
  }

  private record Credentials(@Nullable String token, @Nullable String name) {}
}
