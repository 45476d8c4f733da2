package io.cadastre.kv.port;

import com.google.gson.JsonObject;
import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The services as JSON, under the paths that etcd gives them. */
final class JsonGateway implements AutoCloseable {

  /** Of all its paths. */
  static final String ROOT = "/v3/";

  /** A range may be as large as it likes. */
  private static final int MOST_ANSWER_BYTES = Integer.MAX_VALUE;

  private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
  private final ManagedChannel services;

  JsonGateway(String server, List<BindableService> served) {
    Map<String, ServerMethodDefinition<?, ?>> byName = new HashMap<>();
    for (BindableService service : served) {
      for (ServerMethodDefinition<?, ?> method : service.bindService().getMethods()) {
        byName.put(method.getMethodDescriptor().getFullMethodName(), method);
      }
    }
    JsonPaths.PATHS.forEach((path, name) -> {
      ServerMethodDefinition<?, ?> method = byName.get(name);
      if (method != null) {
        methods.put(path, method);
      }
    });
    services =
        InProcessChannelBuilder.forName(server)
            .directExecutor()
            .maxInboundMessageSize(MOST_ANSWER_BYTES)
            .build();
  }

  boolean serves(String path) {
    return methods.containsKey(path);
  }

  /** Calls what is under a path. */
  @SuppressWarnings("unchecked") // Every service here is one of protobuf's messages.
  @Nullable JsonCall call(String path, String body, @Nullable String token, HttpAnswer answer) {
    ServerMethodDefinition<Message, Message> method =
        (ServerMethodDefinition<Message, Message>) methods.get(path);
    if (method == null) {
      throw new IllegalArgumentException(path);
    }
    return JsonCall.start(services, method.getMethodDescriptor(), body, token, answer);
  }

  /** Without a call. */
  static String error(Status.Code code, String message) {
    JsonObject error = new JsonObject();
    error.addProperty("error", message);
    error.addProperty("code", code.value());
    error.addProperty("message", message);
    return error + "\n";
  }

  @Override
  public void close() {
    ManagedChannel _ = services.shutdownNow();
  }
}
