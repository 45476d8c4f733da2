package io.cadastre.gateway.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.client.SSLMode;
import java.time.Duration;
import java.util.Map;
import java.util.TimeZone;
import org.flywaydb.core.Flyway;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The schema is migrated as its owner before anything uses the pool, which has fewer rights. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseProperties.class)
class DatabaseConfiguration {

  @Bean
  FlywayMigrationInitializer migrations(DatabaseProperties properties) {
    new DatabaseStart(properties).await();
    return new FlywayMigrationInitializer(
        Flyway.configure()
            .dataSource(properties.jdbcUrl(), MetadataDatabase.OWNER, properties.ownerPassword())
            .schemas(MetadataDatabase.SCHEMA)
            // A migration is plain SQL: what looks like a placeholder in it is not one.
            .placeholderReplacement(false)
            .load());
  }

  @Bean(destroyMethod = "dispose")
  ConnectionPool connections(DatabaseProperties properties) {
    PostgresqlConnectionFactory factory =
        new PostgresqlConnectionFactory(
            PostgresqlConnectionConfiguration.builder()
                .host(properties.host())
                .port(properties.port())
                .database(properties.name())
                .username(MetadataDatabase.GATEWAY)
                .password(properties.gatewayPassword())
                .schema(MetadataDatabase.SCHEMA)
                .sslMode(SSLMode.fromValue(properties.sslMode()))
                .applicationName("cadastre-meta-gateway")
                .timeZone(TimeZone.getTimeZone("UTC"))
                .connectTimeout(Duration.ofSeconds(5))
                .tcpKeepAlive(true)
                .options(
                    Map.of(
                        "statement_timeout", "60s",
                        // A gateway that died without a word must not hold its locks for long.
                        "idle_in_transaction_session_timeout", "60s"))
                .build());
    return new LivingConnections(
        ConnectionPoolConfiguration.builder(factory)
            .name("metadata")
            .initialSize(0)
            .maxSize(properties.connectionsMax())
            .maxIdleTime(Duration.ofMinutes(5))
            // A server that accepts and then says nothing keeps no place in the pool.
            .maxCreateConnectionTime(Duration.ofSeconds(5))
            .maxAcquireTime(Duration.ofSeconds(10))
            .build(),
        properties.connectionsMax());
  }
}
