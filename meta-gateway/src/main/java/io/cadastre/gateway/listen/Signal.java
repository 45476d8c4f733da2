package io.cadastre.gateway.listen;

/** What a listener of the database hears. */
public sealed interface Signal {

  /** Somebody committed a {@code pg_notify}. */
  record Notified(Channel channel, String payload) implements Signal {}

  /** The connection is new, so anything may have been missed: look for yourself. */
  record Connected() implements Signal {}
}
