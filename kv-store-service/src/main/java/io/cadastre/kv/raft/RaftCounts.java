package io.cadastre.kv.raft;

import io.cadastre.kv.metrics.Histogram;

/**
 * What a member counts of its part.
 *
 * @param pending proposals without an answer
 * @param failed proposals that were not agreed on, or not in time
 * @param appends how long it takes to write to the log and sync it
 */
public record RaftCounts(long pending, long failed, long leaderChanges, Histogram appends) {}
