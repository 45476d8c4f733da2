package io.cadastre.kv.history;

import org.jspecify.annotations.Nullable;

/**
 * A key that changed.
 *
 * @param value null = it was deleted
 */
record Change(long revision, String key, @Nullable String value) {}
