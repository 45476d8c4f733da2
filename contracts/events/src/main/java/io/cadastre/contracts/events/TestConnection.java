package io.cadastre.contracts.events;

/** Connect, look who is there, and leave. Answered by {@link ConnectionTested}. */
public record TestConnection(InstanceConnection instance, Scan scan) implements Command {}
