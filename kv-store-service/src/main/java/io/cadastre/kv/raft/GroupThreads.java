package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.storage.impl.LogManagerImpl;
import com.alipay.sofa.jraft.util.ThreadPoolsFactory;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads of which JRaft takes one for all that it does not want to do where it is. Most of all
 * that is to tell each member that there is more of the log. That is done at once on the thread
 * which writes to the others: on any other, it would have to wake that one up first.
 */
final class GroupThreads extends ThreadPoolExecutor {

  private static final long KEPT_SECONDS = 60;

  private static final Set<String> GROUPS = ConcurrentHashMap.newKeySet();
  private static final GroupThreads THREADS = new GroupThreads();

  /** JRaft has one pool for a group in a process; its threads inherit whose they are. */
  private static final InheritableThreadLocal<@Nullable ScheduledExecutorService> WRITING =
      new InheritableThreadLocal<>();

  /** Whether the tasks of a class are of the log manager. It does not wait in any. */
  private static final ClassValue<Boolean> OF_LOG =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return type.getNestHost() == LogManagerImpl.class;
        }
      };

  private GroupThreads() {
    super(
        0,
        Integer.MAX_VALUE,
        KEPT_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        Thread.ofPlatform()
            .daemon()
            .name("kv-raft-group-", 0)
            .inheritInheritableThreadLocals(false)
            .factory());
  }

  /**
   * Starts a node of a group.
   *
   * @param writing the thread that writes to the other members
   */
  static <T> T startNode(String group, ScheduledExecutorService writing, Supplier<T> start) {
    if (GROUPS.add(group)) {
      ThreadPoolsFactory.registerThreadPool(group, THREADS);
    }
    WRITING.set(writing);
    writing.execute(() -> WRITING.set(writing));
    try {
      return start.get();
    } finally {
      WRITING.remove();
    }
  }

  /** The thread that writes to the other members, for the node that is being started. */
  static Optional<ScheduledExecutorService> writing() {
    return Optional.ofNullable(WRITING.get());
  }

  @Override
  public Future<?> submit(Runnable task) {
    ScheduledExecutorService writing = WRITING.get();
    if (writing != null && OF_LOG.get(task.getClass())) {
      try {
        writing.execute(task);
        return CompletableFuture.completedFuture(null);
      } catch (RejectedExecutionException _) {
        // The member ends.
        return super.submit(task);
      }
    }
    return super.submit(task);
  }
}
