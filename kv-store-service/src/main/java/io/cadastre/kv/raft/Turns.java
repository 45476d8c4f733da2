package io.cadastre.kv.raft;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Threads that work in turns: what came in, then what they were given to do. All that one of them
 * proposes in a turn can go into the log together.
 */
@FunctionalInterface
public interface Turns {

  /** No thread does. */
  Turns NONE = () -> null;

  /** The one that calls; null where it is not one of them. */
  @Nullable Executor current();
}
