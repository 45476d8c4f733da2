package io.cadastre.gateway.size;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Sizes over time: samples, aggregates, trends. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SizeProperties.class)
@EnableScheduling
class SizeConfiguration {}
