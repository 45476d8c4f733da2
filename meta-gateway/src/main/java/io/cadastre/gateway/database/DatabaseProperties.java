package io.cadastre.gateway.database;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the register lives, {@code cadastre.database.*}. The roles' names are fixed, since
 * migrations grant to them: {@link MetadataDatabase}.
 *
 * @param ownerPassword of {@code cadastre_owner}, which migrates the schema at start
 * @param gatewayPassword of {@code cadastre_gateway}, which does everything else
 * @param sslMode as libpq names it: {@code disable}, {@code prefer}, {@code require}, {@code
 *     verify-ca}, {@code verify-full}
 * @param connectionsMax of the pool of one gateway
 * @param startupPatience how long PostgreSQL is waited for before the start is given up
 */
@Validated
@ConfigurationProperties("cadastre.database")
record DatabaseProperties(
    @DefaultValue("localhost") @NotBlank String host,
    @DefaultValue("5432") @Min(1) @Max(65535) int port,
    @DefaultValue("cadastre") @NotBlank String name,
    @DefaultValue("") String ownerPassword,
    @DefaultValue("") String gatewayPassword,
    @DefaultValue("prefer") @NotBlank String sslMode,
    @DefaultValue("20") @Min(2) @Max(1000) int connectionsMax,
    @DefaultValue("60s") @DurationMin(seconds = 1) Duration startupPatience) {

  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s?sslmode=%s&connectTimeout=5&ApplicationName=%s"
        .formatted(
            host.contains(":") ? "[" + host + "]" : host,
            port,
            name,
            sslMode,
            "cadastre-meta-gateway-migration");
  }

  String place() {
    return host + ":" + port + "/" + name;
  }

  /** Names no password. */
  @Override
  public String toString() {
    return "DatabaseProperties[" + place() + "]";
  }
}
