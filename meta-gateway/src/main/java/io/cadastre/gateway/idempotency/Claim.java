package io.cadastre.gateway.idempotency;

/** What naming a key comes to. */
sealed interface Claim {

  /** The request is the first with this key: it is to be worked on. */
  record First() implements Claim {}

  /** Another is worked on right now. */
  record Running() implements Claim {}

  /** The key stands for another request. */
  record Taken() implements Claim {}

  /** It was answered before. */
  record Answered(Answer answer) implements Claim {}
}
