package io.cadastre.gateway.inventory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A database of an instance as the API shows it.
 *
 * @param state {@code active}, {@code deleted} or {@code filtered}
 * @param sizeFailure why the last measurement failed, where it did
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record RegisteredDatabase(
    String name,
    boolean system,
    String state,
    @Nullable String owner,
    @Nullable String encoding,
    @Nullable String characterSet,
    @Nullable String collation,
    @Nullable String tablespace,
    @Nullable Boolean template,
    @Nullable Boolean allowsConnections,
    Instant firstSeenAt,
    Instant lastSeenAt,
    @Nullable Instant deletedAt,
    @Nullable Instant reactivatedAt,
    @Nullable Long sizeBytes,
    @Nullable Long dataBytes,
    @Nullable Long indexBytes,
    @Nullable Long freeBytes,
    @Nullable Boolean estimate,
    @Nullable Instant measuredAt,
    @Nullable SizeFailure sizeFailure) {

  /** Why a database could not be measured. */
  record SizeFailure(String code, String message) {}
}
