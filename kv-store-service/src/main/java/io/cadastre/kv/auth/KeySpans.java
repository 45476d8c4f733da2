package io.cadastre.kv.auth;

import com.google.protobuf.ByteString;
import io.cadastre.kv.mvcc.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of keys, as spans that neither overlap nor touch, in order. So a range is in the set as a
 * whole exactly when it is in one of them, also where several permissions together cover it.
 */
final class KeySpans {

  private final List<Span> spans;

  private KeySpans(List<Span> spans) {
    this.spans = spans;
  }

  static KeySpans of(List<KeyRange> ranges) {
    List<Span> sorted =
        ranges.stream()
            .map(Span::of)
            .filter(span -> !span.isEmpty())
            .sorted(Comparator.comparing(Span::from, Arrays::compareUnsigned))
            .toList();
    List<Span> merged = new ArrayList<>();
    for (Span span : sorted) {
      if (!merged.isEmpty() && merged.getLast().reaches(span.from())) {
        merged.set(merged.size() - 1, merged.getLast().with(span));
      } else {
        merged.add(span);
      }
    }
    return new KeySpans(List.copyOf(merged));
  }

  boolean containsAll(ByteString key, ByteString rangeEnd) {
    Span wanted = Span.of(KeyRange.of(key, rangeEnd));
    return spans.stream().anyMatch(span -> span.contains(wanted));
  }

  /**
   * Keys from one up to another.
   *
   * @param to exclusive; null = to the end
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  private record Span(byte[] from, byte @Nullable [] to) {

    static Span of(KeyRange range) {
      // No key lies between one and the same with a zero byte behind it.
      return range.single()
          ? new Span(range.from(), Arrays.copyOf(range.from(), range.from().length + 1))
          : new Span(range.from(), range.to());
    }

    boolean isEmpty() {
      return to != null && Arrays.compareUnsigned(from, to) >= 0;
    }

    boolean reaches(byte[] key) {
      return to == null || Arrays.compareUnsigned(to, key) >= 0;
    }

    Span with(Span later) {
      byte[] end = later.to;
      return to == null || end == null
          ? new Span(from, null)
          : new Span(from, Arrays.compareUnsigned(to, end) >= 0 ? to : end);
    }

    boolean contains(Span other) {
      return Arrays.compareUnsigned(from, other.from) <= 0
          && (to == null || (other.to != null && Arrays.compareUnsigned(other.to, to) <= 0));
    }
  }
}
