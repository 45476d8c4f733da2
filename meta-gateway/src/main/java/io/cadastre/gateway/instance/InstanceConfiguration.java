package io.cadastre.gateway.instance;

import io.cadastre.secrets.SecretSealer;
import java.io.IOException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InstanceProperties.class)
class InstanceConfiguration {

  @Bean
  SecretSealer secretSealer(InstanceProperties settings) throws IOException {
    return SecretSealer.read(settings.keyset());
  }

  @Bean
  HostRules hostRules(InstanceProperties settings) {
    return new HostRules(settings.loopbackAllowed());
  }
}
