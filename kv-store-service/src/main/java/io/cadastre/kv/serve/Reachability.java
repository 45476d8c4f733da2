package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/** Since when this member reaches each of the others: asked every now and then. */
final class Reachability {

  private final long self;
  private final LongFunction<CompletableFuture<?>> asking;
  private final LongSupplier nanoTime;
  private final Map<Long, Long> reachedSince = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<?>> asked = new ConcurrentHashMap<>();

  /**
   * Makes it.
   *
   * @param asking done when a member answers
   */
  Reachability(long self, LongFunction<CompletableFuture<?>> asking, LongSupplier nanoTime) {
    this.self = self;
    this.asking = asking;
    this.nanoTime = nanoTime;
  }

  /**
   * Asks all the others, save those that were asked and have not answered yet.
   *
   * @return done when it is known of all
   */
  CompletableFuture<Void> ask(Collection<Member> members) {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    asked.values().removeIf(CompletableFuture::isDone);
    for (Member member : members) {
      long id = member.getID();
      if (id != self) {
        answers.add(
            asked.computeIfAbsent(
                id,
                _ ->
                    asking
                        .apply(id)
                        .handle((_, failure) -> {
                          heard(id, failure == null);
                          return null;
                        })));
      }
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
  }

  /** Asks those that did not answer the last time. */
  void askUnreached(Collection<Member> members) {
    CompletableFuture<Void> _ =
        ask(members.stream().filter(member -> !isReached(member.getID())).toList());
  }

  private void heard(long id, boolean reached) {
    if (reached) {
      Long _ = reachedSince.putIfAbsent(id, nanoTime.getAsLong());
    } else {
      Long _ = reachedSince.remove(id);
    }
  }

  /** Whether a member answers just now. */
  boolean isReached(long id) {
    return id == self || reachedSince.containsKey(id);
  }

  /** How many of these answered all that while; this member does. */
  long countReached(Collection<Member> members, Duration throughout) {
    long now = nanoTime.getAsLong();
    return members.stream()
        .map(Member::getID)
        .filter(id -> {
          Long since = reachedSince.get(id);
          return id == self || (since != null && now - since >= throughout.toNanos());
        })
        .count();
  }
}
