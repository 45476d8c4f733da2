package io.cadastre.kv.port;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads that read what clients send and write what they are answered. */
public final class ClientLoops implements AutoCloseable {

  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final long STOP_SECONDS = 2;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          THREADS, new DefaultThreadFactory("kv-clients", true), NioIoHandler.newFactory());

  /** The one that calls; null where it is not one of them. */
  public @Nullable Executor current() {
    for (EventExecutor loop : loops) {
      if (loop.inEventLoop()) {
        return loop;
      }
    }
    return null;
  }

  EventLoopGroup group() {
    return loops;
  }

  @Override
  public void close() {
    var _ = loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
  }
}
