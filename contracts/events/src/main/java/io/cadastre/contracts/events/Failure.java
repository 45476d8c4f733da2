package io.cadastre.contracts.events;

/**
 * Why something could not be done.
 *
 * @param message one sentence for a person; never holds a secret
 * @param retryable whether the same request may succeed later without anyone changing anything
 */
public record Failure(FailureCode code, String message, boolean retryable) {}
