package io.cadastre.instanceaccess.wiring;

import io.cadastre.instanceaccess.AccessSettings;
import io.cadastre.instanceaccess.AddressPolicy;
import io.cadastre.instanceaccess.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code cadastre.instance-access.*}: see {@link AddressPolicy} and {@link AccessSettings}.
 *
 * @param privateKeysetFile opens the passwords of instances
 */
@ConfigurationProperties("cadastre.instance-access")
record InstanceAccessProperties(
    @Nullable Path privateKeysetFile,
    @DefaultValue List<String> allowedNetworks,
    @DefaultValue List<String> deniedNetworks,
    @DefaultValue("false") boolean loopbackAllowed,
    @DefaultValue("5s") Duration connectTimeout,
    @DefaultValue("10s") Duration loginTimeout,
    @DefaultValue("1m") Duration readTimeout,
    @DefaultValue("10m") Duration sessionTimeout) {

  Path requiredKeysetFile() {
    if (privateKeysetFile == null) {
      throw new IllegalArgumentException(
          "cadastre.instance-access.private-keyset-file: missing (expected: the private keyset that"
              + " belongs to the gateway's public one)");
    }
    return privateKeysetFile;
  }

  AccessSettings settings() {
    AddressPolicy policy =
        new AddressPolicy(
            allowedNetworks.stream().map(Network::of).toList(),
            deniedNetworks.stream().map(Network::of).toList(),
            loopbackAllowed);
    return new AccessSettings(policy, connectTimeout, loginTimeout, readTimeout, sessionTimeout);
  }
}
