package io.cadastre.kv.connection;

import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Connections that failed: garbage, messages that are too long, clients that went. gRPC tells of
 * each with the stack of its own methods; here it is one line now and then.
 */
public final class FailedConnections {

  /** Kept here, for the library of loggers itself forgets them. */
  private static final List<Logger> OF_GRPC =
      List.of(
          Logger.getLogger("io.grpc.netty.NettyServerTransport.connections"),
          Logger.getLogger("io.grpc.netty.NettyServerHandler"),
          Logger.getLogger("io.grpc.netty.NettyServerStream"));

  private static final Filter BRIEF =
      new Brief(new Seldom(System.getLogger(FailedConnections.class.getName()), System::nanoTime));

  private FailedConnections() {}

  /** From now on they are told of briefly. */
  public static void tellBriefly() {
    OF_GRPC.forEach(log -> log.setFilter(BRIEF));
  }

  private record Brief(Seldom log) implements Filter {

    @Override
    public boolean isLoggable(LogRecord record) {
      Throwable failure = record.getThrown();
      if (failure == null) {
        return true;
      }
      log.tell("a connection or call was given up: " + failure);
      return false;
    }
  }
}
