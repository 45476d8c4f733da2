package io.cadastre.contracts.events;

/**
 * Measure the databases of an instance. Answered by {@link SizesCollected} or {@link
 * SizeCollectionFailed}.
 *
 * @param databases which of them are wanted
 */
public record CollectSizes(InstanceConnection instance, Scan scan, NamePatterns databases)
    implements Command {}
