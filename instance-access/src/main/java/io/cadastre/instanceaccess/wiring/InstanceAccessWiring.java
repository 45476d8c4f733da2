package io.cadastre.instanceaccess.wiring;

import io.cadastre.instanceaccess.InstanceAccess;
import io.cadastre.secrets.SecretOpener;
import java.io.IOException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A worker's access to instances; a service imports it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InstanceAccessProperties.class)
public class InstanceAccessWiring {

  @Bean
  InstanceAccess instanceAccess(InstanceAccessProperties properties) throws IOException {
    return new InstanceAccess(
        properties.settings(), SecretOpener.read(properties.requiredKeysetFile()));
  }
}
