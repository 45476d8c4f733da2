package io.cadastre.kv.tls;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files by which the two sides of a connection know each other. They are looked at again at
 * every handshake.
 *
 * @param certificates of this side, its own first
 * @param authorities who vouches for the other side; null = who the JDK trusts
 * @param clientsShowOne whether clients without a certificate are refused. They are, too, where
 *     authorities are named: so does etcd.
 * @param rules what is asked for beyond that
 */
public record TlsFiles(
    Path certificates,
    Path key,
    @Nullable Path authorities,
    boolean clientsShowOne,
    TlsRules rules) {

  /** Cannot be left out, and does no harm: who speaks TLS 1.2 alone does not see them. */
  private static final List<String> MODERN_CIPHERS =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  /** Without further rules. */
  public TlsFiles(Path certificates, Path key, @Nullable Path authorities, boolean clientsShowOne) {
    this(certificates, key, authorities, clientsShowOne, TlsRules.NONE);
  }

  /** For the side that is called, by gRPC. */
  public SslContext server() throws IOException {
    return server(ApplicationProtocolNames.HTTP_2);
  }

  /**
   * For a port on which HTTP/1 is spoken, too. That comes first: clients of gRPC offer HTTP/2
   * alone, and who offers both is a browser, a probe or curl.
   */
  public SslContext serverOfHttpToo() throws IOException {
    return server(ApplicationProtocolNames.HTTP_1_1, ApplicationProtocolNames.HTTP_2);
  }

  private SslContext server(String... protocols) throws IOException {
    try {
      SslContextBuilder server = SslContextBuilder.forServer(new FileKeys(certificates, key));
      if (authorities != null) {
        server.trustManager(new FileTrust(authorities, rules));
      }
      return ruled(server)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  protocols))
          .clientAuth(clientsShowOne || authorities != null ? ClientAuth.REQUIRE : ClientAuth.NONE)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IOException(this + ": " + e.getMessage(), e);
    }
  }

  /** For the side that calls. */
  public SslContext client() throws IOException {
    try {
      SslContextBuilder client =
          SslContextBuilder.forClient().keyManager(new FileKeys(certificates, key));
      if (authorities != null) {
        client.trustManager(new FileTrust(authorities, rules));
      }
      return ruled(client).build();
    } catch (GeneralSecurityException e) {
      throw new IOException(this + ": " + e.getMessage(), e);
    }
  }

  private SslContextBuilder ruled(SslContextBuilder builder) {
    SslContextBuilder ruled =
        GrpcSslContexts.configure(builder, SslProvider.JDK).protocols(rules.protocols());
    if (!rules.ciphers().isEmpty()) {
      List<String> ciphers = new ArrayList<>(MODERN_CIPHERS);
      ciphers.addAll(rules.ciphers());
      SslContextBuilder _ = ruled.ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE);
    }
    return ruled;
  }
}
