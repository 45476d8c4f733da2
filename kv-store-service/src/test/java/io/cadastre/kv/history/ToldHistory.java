package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;

/** A history that a test tells, operation by operation. */
final class ToldHistory {

  /** Whose keys {@link #readAll} reads. */
  static final Group GROUP = Group.of("g/", "a", "b");

  private final List<Operation> history = new ArrayList<>();

  Optional<String> violation() {
    return Linearizability.violation(history);
  }

  void add(Operation operation) {
    history.add(operation);
  }

  void accepted() {
    assertThat(violation()).isEmpty();
  }

  AbstractStringAssert<?> refused() {
    return assertThat(violation().orElse("accepted")).contains("not linearizable");
  }

  void put(String key, String value, long from, long to) {
    history.add(
        Operation.answered(
            1,
            Request.of(new Step.Write(key, value, false)),
            from,
            to,
            new Answer(true, List.of(), 0)));
  }

  void unknownPut(String key, String value, long from) {
    history.add(Operation.unknown(1, Request.of(new Step.Write(key, value, false)), from));
  }

  void read(String key, @Nullable String value, long from, long to) {
    history.add(
        Operation.answered(
            2,
            Request.of(new Step.Read(key)),
            from,
            to,
            new Answer(true, List.of(Optional.ofNullable(value)), 0)));
  }

  void readAll(long from, long to, @Nullable String a, @Nullable String b) {
    history.add(
        answered(
            Request.of(new Step.ReadAll(GROUP)),
            from,
            to,
            List.of(Optional.ofNullable(a), Optional.ofNullable(b))));
  }

  static Operation answered(Request request, long from, long to, List<Optional<String>> told) {
    return Operation.answered(4, request, from, to, new Answer(true, told, 0));
  }

  void swap(String key, String old, String value, boolean held, long from, long to) {
    history.add(
        Operation.answered(
            3,
            Request.swap(key, Optional.of(old), new Step.Write(key, value, false)),
            from,
            to,
            new Answer(held, List.of(), 0)));
  }
}
