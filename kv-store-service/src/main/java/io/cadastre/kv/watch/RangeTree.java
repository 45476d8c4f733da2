package io.cadastre.kv.watch;

import io.cadastre.kv.mvcc.KeyRange;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ranges that may overlap, each with what hangs on it; finds those that hold a key.
 *
 * <p>A treap ordered by where the ranges begin. Every node knows where the last range below it
 * ends, so that a search leaves out what ends before the key.
 */
final class RangeTree<T> {

  private @Nullable Node<T> root;

  void add(KeyRange range, T value) {
    Node<T> found = find(range);
    if (found == null) {
      found = new Node<>(range);
      root = insert(root, found);
    }
    found.values.add(value);
  }

  void remove(KeyRange range, T value) {
    Node<T> found = find(range);
    if (found != null && found.values.remove(value) && found.values.isEmpty()) {
      root = delete(root, range);
    }
  }

  /** Visits what hangs on the ranges that hold a key. */
  void visit(byte[] key, Consumer<T> visitor) {
    visit(root, key, visitor);
  }

  private static <T> void visit(@Nullable Node<T> node, byte[] key, Consumer<T> visitor) {
    if (node == null || endsBefore(node.lastEnd, key)) {
      return;
    }
    visit(node.left, key, visitor);
    if (Arrays.compareUnsigned(node.range.from(), key) <= 0) {
      if (node.range.contains(key)) {
        node.values.forEach(visitor);
      }
      visit(node.right, key, visitor);
    }
  }

  private static boolean endsBefore(byte @Nullable [] end, byte[] key) {
    return end != null && Arrays.compareUnsigned(end, key) <= 0;
  }

  private @Nullable Node<T> find(KeyRange range) {
    Node<T> node = root;
    while (node != null) {
      int order = compare(range, node.range);
      if (order == 0) {
        return node;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  private static <T> Node<T> insert(@Nullable Node<T> node, Node<T> added) {
    if (node == null) {
      return added;
    }
    if (added.priority > node.priority) {
      split(node, added);
      return added.measured();
    }
    if (compare(added.range, node.range) < 0) {
      node.left = insert(node.left, added);
    } else {
      node.right = insert(node.right, added);
    }
    return node.measured();
  }

  /** Hangs what is before and after a node on its two sides. */
  private static <T> void split(@Nullable Node<T> node, Node<T> at) {
    if (node == null) {
      at.left = null;
      at.right = null;
    } else if (compare(node.range, at.range) < 0) {
      split(node.right, at);
      node.right = at.left;
      at.left = node.measured();
    } else {
      split(node.left, at);
      node.left = at.right;
      at.right = node.measured();
    }
  }

  private static <T> @Nullable Node<T> delete(@Nullable Node<T> node, KeyRange range) {
    if (node == null) {
      return null;
    }
    int order = compare(range, node.range);
    if (order == 0) {
      return merge(node.left, node.right);
    }
    if (order < 0) {
      node.left = delete(node.left, range);
    } else {
      node.right = delete(node.right, range);
    }
    return node.measured();
  }

  private static <T> @Nullable Node<T> merge(@Nullable Node<T> low, @Nullable Node<T> high) {
    if (low == null) {
      return high;
    }
    if (high == null) {
      return low;
    }
    if (low.priority > high.priority) {
      low.right = merge(low.right, high);
      return low.measured();
    }
    high.left = merge(low, high.left);
    return high.measured();
  }

  private static int compare(KeyRange one, KeyRange other) {
    int byStart = Arrays.compareUnsigned(one.from(), other.from());
    return byStart != 0 ? byStart : compareEnds(one.to(), other.to());
  }

  private static int compareEnds(byte @Nullable [] one, byte @Nullable [] other) {
    if (one == null || other == null) {
      return Boolean.compare(one == null, other == null);
    }
    return Arrays.compareUnsigned(one, other);
  }

  private static final class Node<T> {

    private final KeyRange range;
    private final int priority;
    private final Set<T> values = new LinkedHashSet<>();
    private byte @Nullable [] lastEnd;
    private @Nullable Node<T> left;
    private @Nullable Node<T> right;

    Node(KeyRange range) {
      this.range = range;
      this.lastEnd = range.to();
      // Spreads what clients choose; equal for equal ranges, which are one node.
      this.priority =
          (Arrays.hashCode(range.from()) * 31 + Arrays.hashCode(range.to())) * 0x9E3779B9;
    }

    Node<T> measured() {
      lastEnd = range.to();
      for (Node<T> child : Arrays.asList(left, right)) {
        if (child != null && compareEnds(lastEnd, child.lastEnd) < 0) {
          lastEnd = child.lastEnd;
        }
      }
      return this;
    }
  }
}
