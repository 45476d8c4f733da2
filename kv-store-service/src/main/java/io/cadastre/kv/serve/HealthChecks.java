package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.AlarmType;
import io.cadastre.kv.alarm.Alarms;
import io.cadastre.kv.port.Page;
import io.cadastre.kv.raft.RaftMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether the member is well, as etcd asks and answers it. */
final class HealthChecks {

  private static final long READ_SECONDS = 5;
  private static final int UNAVAILABLE = 503;

  /** Answers why it is not well, null where it is. */
  private record Check(String name, Supplier<@Nullable String> failure) {}

  private final Answers answers;
  private final RaftMember member;
  private final List<Check> live;
  private final List<Check> ready;
  private long succeeded;
  private long failed;

  HealthChecks(Answers answers, RaftMember member) {
    this.answers = answers;
    this.member = member;
    Check local = new Check("serializable_read", this::cannotRead);
    live = List.of(local);
    ready =
        List.of(
            new Check(
                "data_corruption",
                () ->
                    alarms().isOn(AlarmType.CORRUPT)
                        ? "alarm activated: " + AlarmType.CORRUPT
                        : null),
            local,
            new Check("linearizable_read", this::cannotReadCurrent),
            new Check("non_learner", () -> learns() ? "not a voting member" : null));
  }

  private boolean learns() {
    return answers.state().members().isLearner(answers.self().memberId());
  }

  private Alarms alarms() {
    return answers.state().alarms();
  }

  private @Nullable String cannotRead() {
    try {
      long _ = answers.state().store().revision();
      return null;
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private @Nullable String cannotReadCurrent() {
    try {
      Void _ = answers.proposals().caughtUp().get(READ_SECONDS, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return String.valueOf(Answers.error(e).getStatus().getDescription());
    } catch (TimeoutException _) {
      return "etcdserver: request timed out";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "stopped";
    }
  }

  /** {@code /health}: alarms, a leader, a read. */
  Page health(Map<String, List<String>> query) {
    String reason = reason(query);
    count(reason == null);
    return reason == null
        ? Page.json(Page.OK, "{\"health\":\"true\",\"reason\":\"\"}\n")
        : Page.json(UNAVAILABLE, "{\"health\":\"false\",\"reason\":\"" + reason + "\"}\n");
  }

  private @Nullable String reason(Map<String, List<String>> query) {
    List<String> excluded = query.getOrDefault("exclude", List.of());
    for (AlarmType kind : new AlarmType[] {AlarmType.NOSPACE, AlarmType.CORRUPT}) {
      if (alarms().isOn(kind) && !excluded.contains(kind.name())) {
        return "ALARM " + kind;
      }
    }
    if (query.getOrDefault("serializable", List.of()).contains("true")) {
      return cannotRead() == null ? null : "RANGE ERROR:" + cannotRead();
    }
    if (!member.standing().hasLeader()) {
      return "RAFT NO LEADER";
    }
    String failure = cannotReadCurrent();
    return failure == null ? null : "RANGE ERROR:" + failure;
  }

  private synchronized void count(boolean well) {
    if (well) {
      succeeded++;
    } else {
      failed++;
    }
  }

  synchronized long succeeded() {
    return succeeded;
  }

  synchronized long failed() {
    return failed;
  }

  Page live(String path, Map<String, List<String>> query) {
    return checked("livez", live, path, query);
  }

  Page ready(String path, Map<String, List<String>> query) {
    return checked("readyz", ready, path, query);
  }

  /** All checks, or the one that the path names after the root. */
  private static Page checked(
      String root, List<Check> checks, String path, Map<String, List<String>> query) {
    String one = path.substring(root.length() + 1);
    List<Check> asked =
        one.isEmpty()
            ? checks
            : checks.stream().filter(check -> one.equals("/" + check.name)).toList();
    if (asked.isEmpty()) {
      return Page.notFound();
    }
    List<String> excluded = query.getOrDefault("exclude", List.of());
    List<String> lines = new ArrayList<>();
    boolean well = true;
    for (Check check : asked) {
      if (excluded.contains(check.name)) {
        lines.add("[+]" + check.name + " excluded: ok\n");
        continue;
      }
      String failure = check.failure.get();
      lines.add(
          failure == null
              ? "[+]" + check.name + " ok\n"
              : "[-]" + check.name + " failed: " + failure + "\n");
      well &= failure == null;
    }
    String all = String.join("", lines);
    if (!well) {
      return Page.text(UNAVAILABLE, all + root + " check failed\n");
    }
    return Page.text(Page.OK, query.containsKey("verbose") ? all + "ok\n" : "ok\n");
  }
}
