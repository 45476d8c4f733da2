package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.command.MemberPublished;
import io.cadastre.kv.auth.Caller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Tells the others what this member is called and where clients reach it, until they know. */
final class Announcement implements Runnable {

  private final Answers answers;
  private final MemberPublished told;
  private final BooleanSupplier ended;

  /**
   * Makes it.
   *
   * @param port where it listens
   * @param ended whether the member serves no longer, so that nothing is to be told
   */
  Announcement(Answers answers, KvSettings settings, int port, BooleanSupplier ended) {
    this.answers = answers;
    this.ended = ended;
    told =
        MemberPublished.newBuilder()
            .setId(answers.self().memberId())
            .setName(settings.name())
            .addAllClientUrls(urls(settings, port))
            .build();
  }

  private static List<String> urls(KvSettings settings, int port) {
    String scheme = settings.clients().scheme() + "://";
    return settings.advertised().isEmpty()
        ? settings.listen().stream()
            .map(each ->
                scheme + each.getHostString() + ":" + (each.getPort() == 0 ? port : each.getPort()))
            .toList()
        : settings.advertised();
  }

  @Override
  public void run() {
    CompletableFuture<?> _ =
        answers
            .propose(Caller.SERVER, command -> command.setMemberPublished(told))
            .whenComplete((_, failure) -> {
              if (failure != null && !ended.getAsBoolean()) {
                answers.threads().waiting().execute(this);
              }
            });
  }
}
