package io.cadastre.gateway.instance;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of {@code cadastre.instance.*}.
 *
 * @param publicKeysetFile the workers' public keys, with which passwords are sealed
 * @param loopbackAllowed whether this machine itself may be registered; the workers have the last
 *     word with a setting of their own
 */
@ConfigurationProperties("cadastre.instance")
record InstanceProperties(
    @Nullable Path publicKeysetFile, @DefaultValue("false") boolean loopbackAllowed) {

  Path keyset() {
    if (publicKeysetFile == null) {
      throw new IllegalArgumentException(
          "cadastre.instance.public-keyset-file: missing (expected: the public keyset whose private"
              + " half the workers hold)");
    }
    return publicKeysetFile;
  }
}
