package io.cadastre.kv.serve;

import io.cadastre.kv.metrics.Histogram;
import java.util.function.LongSupplier;

/**
 * What is counted where it happens.
 *
 * @param commits how long the engine's writes took
 * @param slowApplies how often the state was changed for long
 */
record MemberCounts(
    KeyCounts keys, CountedReads reads, Histogram commits, LongSupplier slowApplies) {}
