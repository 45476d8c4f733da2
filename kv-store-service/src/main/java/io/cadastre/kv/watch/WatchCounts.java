package io.cadastre.kv.watch;

/**
 * How much is watched.
 *
 * @param slow watchers whose clients do not take what lies ready
 */
public record WatchCounts(int streams, int watchers, int slow) {}
