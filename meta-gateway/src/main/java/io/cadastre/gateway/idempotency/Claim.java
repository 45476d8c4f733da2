package io.cadastre.gateway.idempotency;

import java.time.Instant;

/** What naming a key comes to. */
sealed interface Claim {

  /** The request is the first with this key, or the first after one that came to nothing. */
  record First(Attempt attempt) implements Claim {}

  /** Another is worked on right now. */
  record Running() implements Claim {}

  /** The key stands for another request. */
  record Taken() implements Claim {}

  /** It was answered before. */
  record Answered(Answer answer) implements Claim {}

  /** It was done before, and nobody got round to keeping the answer. */
  record Unanswered(Instant committedAt) implements Claim {}
}
