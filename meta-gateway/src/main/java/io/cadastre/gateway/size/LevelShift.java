package io.cadastre.gateway.size;

import java.time.Instant;

/**
 * A jump that stays: a truncate, a dropped table, an import.
 *
 * @param at the first measurement at the new level
 * @param changeBytes beyond what the growth around it explains
 */
record LevelShift(Instant at, long changeBytes) {}
