package io.cadastre.gateway.instance;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.TlsMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user writes about an instance, not yet checked. */
record InstanceRequest(
    @Nullable String name,
    @Nullable Engine engine,
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String username,
    @Nullable String password,
    @Nullable TlsRequest tls,
    @Nullable Map<String, @Nullable String> tags,
    @Nullable PatternsRequest databases,
    @Nullable Long capacityBytes) {

  record TlsRequest(@Nullable TlsMode mode, @Nullable String caCertificate) {}

  record PatternsRequest(
      @Nullable List<@Nullable String> include, @Nullable List<@Nullable String> exclude) {}

  /** As a user would write a registration that is there, without its password. */
  static InstanceRequest of(Registration registration) {
    return new InstanceRequest(
        registration.name(),
        registration.engine(),
        registration.host(),
        registration.port(),
        registration.username(),
        null,
        new TlsRequest(registration.tlsMode(), registration.caCertificate()),
        Map.copyOf(registration.tags()),
        new PatternsRequest(
            List.copyOf(registration.patterns().include()),
            List.copyOf(registration.patterns().exclude())),
        registration.capacityBytes());
  }

  /** Names no password. */
  @Override
  public String toString() {
    return "InstanceRequest[" + name + "]";
  }
}
