package io.cadastre.kv.metrics;

import static io.cadastre.kv.metrics.MetricsText.label;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the calls of clients under the names that Go's gRPC servers have. */
public final class GrpcCounts extends ServerStreamTracer.Factory {

  private final Map<String, Method> methods = new ConcurrentHashMap<>();
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder sentBytes = new LongAdder();
  private final boolean times;

  /**
   * Makes it.
   *
   * @param times whether it is told how long calls take, as etcd does with {@code
   *     --metrics=extensive}
   */
  public GrpcCounts(boolean times) {
    this.times = times;
  }

  /** Lets methods be seen before they are called. */
  public void expect(List<ServerServiceDefinition> services) {
    for (ServerServiceDefinition service : services) {
      service
          .getMethods()
          .forEach(method -> {
            MethodDescriptor<?, ?> described = method.getMethodDescriptor();
            methods.put(described.getFullMethodName(), new Method(described));
          });
    }
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String name, Metadata headers) {
    Method method = methods.get(name);
    return method == null ? new ServerStreamTracer() {} : new Call(method);
  }

  /** Writes what was counted. */
  public void write(MetricsText text) {
    Map<String, Method> sorted = new TreeMap<>();
    methods.values().forEach(method -> sorted.put(method.labels, method));
    text.head("grpc_server_started_total", "counter", "Calls that began.");
    sorted.forEach(
        (labels, method) -> text.sample("grpc_server_started_total", labels, method.started.sum()));
    text.head("grpc_server_handled_total", "counter", "Calls that ended, by their code.");
    sorted.forEach((labels, method) ->
        method.handled.forEach((code, count) -> {
          if (code == Status.Code.OK || count.sum() > 0) {
            text.sample(
                "grpc_server_handled_total",
                label("grpc_code", name(code)) + "," + labels,
                count.sum());
          }
        }));
    text.head("grpc_server_msg_received_total", "counter", "Messages that came.");
    sorted.forEach((labels, method) ->
        text.sample("grpc_server_msg_received_total", labels, method.received.sum()));
    text.head("grpc_server_msg_sent_total", "counter", "Messages that went.");
    sorted.forEach(
        (labels, method) -> text.sample("grpc_server_msg_sent_total", labels, method.sent.sum()));
    if (times) {
      Map<String, Histogram> histograms = new TreeMap<>();
      sorted.forEach((labels, method) -> histograms.put(labels, method.times));
      text.histograms("grpc_server_handling_seconds", "How long calls took.", histograms);
    }
    text.counter(
        "etcd_network_client_grpc_received_bytes_total",
        "Bytes of clients' messages.",
        receivedBytes.sum());
    text.counter(
        "etcd_network_client_grpc_sent_bytes_total", "Bytes sent to clients.", sentBytes.sum());
  }

  /** As Go writes codes. */
  private static String name(Status.Code code) {
    if (code == Status.Code.OK) {
      return "OK";
    }
    if (code == Status.Code.CANCELLED) {
      return "Canceled";
    }
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  private static final class Method {

    private final String labels;
    private final LongAdder started = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final Map<Status.Code, LongAdder> handled = new EnumMap<>(Status.Code.class);
    private final Histogram times = Histogram.ofCalls();

    Method(MethodDescriptor<?, ?> method) {
      String full = method.getFullMethodName();
      int slash = full.lastIndexOf('/');
      labels =
          label("grpc_method", full.substring(slash + 1))
              + ","
              + label("grpc_service", full.substring(0, slash))
              + ","
              + label("grpc_type", type(method.getType()));
      for (Status.Code code : Status.Code.values()) {
        handled.put(code, new LongAdder());
      }
    }

    private static String type(MethodDescriptor.MethodType type) {
      return switch (type) {
        case UNARY, UNKNOWN -> "unary";
        case CLIENT_STREAMING -> "client_stream";
        case SERVER_STREAMING -> "server_stream";
        case BIDI_STREAMING -> "bidi_stream";
      };
    }
  }

  private final class Call extends ServerStreamTracer {

    private final Method method;
    private final long began = times ? System.nanoTime() : 0;

    Call(Method method) {
      this.method = method;
      method.started.increment();
    }

    @Override
    public void inboundMessage(int number) {
      method.received.increment();
    }

    @Override
    public void outboundMessage(int number) {
      method.sent.increment();
    }

    @Override
    public void inboundUncompressedSize(long bytes) {
      receivedBytes.add(bytes);
    }

    @Override
    public void outboundUncompressedSize(long bytes) {
      sentBytes.add(bytes);
    }

    @Override
    public void streamClosed(Status status) {
      LongAdder count = method.handled.get(status.getCode());
      if (count != null) {
        count.increment();
      }
      if (times) {
        method.times.add(System.nanoTime() - began);
      }
    }
  }
}
