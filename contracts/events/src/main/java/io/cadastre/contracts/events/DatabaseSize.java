package io.cadastre.contracts.events;

import org.jspecify.annotations.Nullable;

/**
 * What a database takes on disk.
 *
 * @param sizeBytes all of it; not always the sum of the others, which come from another source
 * @param dataBytes rows and clustered indexes; absent where the engine does not tell
 * @param indexBytes secondary indexes
 * @param freeBytes allocated but unused
 */
public record DatabaseSize(
    String name,
    long sizeBytes,
    @Nullable Long dataBytes,
    @Nullable Long indexBytes,
    @Nullable Long freeBytes) {}
