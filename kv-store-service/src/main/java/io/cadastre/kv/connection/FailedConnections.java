package io.cadastre.kv.connection;

import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Connections that failed: garbage, messages that are too long, clients that went, members whose
 * names are not known. gRPC tells of each with the stack of its own methods; here it is one line
 * now and then.
 */
public final class FailedConnections {

  /** Kept here, for the library of loggers itself forgets them. */
  private static final List<Logger> OF_GRPC =
      List.of(
          Logger.getLogger("io.grpc.netty.NettyServerTransport.connections"),
          Logger.getLogger("io.grpc.netty.NettyServerHandler"),
          Logger.getLogger("io.grpc.netty.NettyServerStream"));

  private static final Logger OF_CHANNELS = Logger.getLogger("io.grpc.ChannelLogger");

  private static final Filter BRIEF = new Brief(seldom());
  private static final Filter FIRST_LINE = new FirstLine(seldom());

  private FailedConnections() {}

  private static Seldom seldom() {
    return new Seldom(System.getLogger(FailedConnections.class.getName()), System::nanoTime);
  }

  /** From now on they are told of briefly. */
  public static void tellBriefly() {
    OF_GRPC.forEach(log -> log.setFilter(BRIEF));
    OF_CHANNELS.setFilter(FIRST_LINE);
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

  /** The stack is part of the message. */
  private record FirstLine(Seldom log) implements Filter {

    @Override
    public boolean isLoggable(LogRecord record) {
      String message = String.valueOf(record.getMessage());
      int end = message.indexOf('\n');
      if (end < 0) {
        return true;
      }
      log.tell("a member was not reached: " + message.substring(0, end));
      return false;
    }
  }
}
