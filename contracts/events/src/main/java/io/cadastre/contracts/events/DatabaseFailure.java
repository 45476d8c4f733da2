package io.cadastre.contracts.events;

/** One database that could not be measured while others could. */
public record DatabaseFailure(String name, Failure failure) {}
