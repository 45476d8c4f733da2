package io.cadastre.contracts.events;

/**
 * List the databases of an instance. Answered by {@link DatabasesDiscovered} or {@link
 * DiscoveryFailed}.
 */
public record DiscoverDatabases(InstanceConnection instance, Scan scan) implements Command {}
