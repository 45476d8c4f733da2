package io.cadastre.kv.raft;

import io.cadastre.kv.cluster.Members;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Finds out whether other members are behind. Who does not answer is down, not behind. */
final class Laggards {

  private final long self;
  private final Supplier<Members> members;
  private final Others others;

  Laggards(long self, Supplier<Members> members, Others others) {
    this.self = self;
    this.members = members;
    this.others = others;
  }

  /** Whether a member that answers has not applied an entry yet. */
  CompletableFuture<Boolean> areBefore(long index) {
    List<CompletableFuture<Boolean>> before =
        members.get().all().stream()
            .filter(member -> member.getID() != self)
            .map(member -> others.appliedIndex(member.getID()))
            .map(applied -> applied.handle((reached, _) -> reached != null && reached < index))
            .toList();
    return CompletableFuture.allOf(before.toArray(CompletableFuture[]::new))
        .thenApply(_ -> before.stream().anyMatch(CompletableFuture::join));
  }
}
