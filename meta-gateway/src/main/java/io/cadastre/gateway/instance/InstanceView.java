package io.cadastre.gateway.instance;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.TlsMode;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** An instance as the API shows it: what was registered, and what scans found. */
record InstanceView(
    long id,
    String name,
    Engine engine,
    String host,
    int port,
    String username,
    boolean hasPassword,
    Tls tls,
    SortedMap<String, String> tags,
    NamePatterns databases,
    @Nullable Long capacityBytes,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant deletedAt,
    @Nullable ServerInfo server,
    Health health,
    @Nullable Instant lastDatabaseSyncAt,
    @Nullable Instant lastSizeSyncAt,
    @Nullable Integer databaseCount,
    @Nullable Long totalSizeBytes) {

  record Tls(TlsMode mode, @Nullable String caCertificate) {}

  /** Whether the last scan got through, and since when. */
  record Health(String status, @Nullable Instant since, @Nullable HealthFailure failure) {}

  record HealthFailure(String code, String message) {}

  Registration registration() {
    return new Registration(
        name,
        engine,
        host,
        port,
        username,
        tls.mode(),
        tls.caCertificate(),
        tags,
        databases,
        capacityBytes);
  }
}
