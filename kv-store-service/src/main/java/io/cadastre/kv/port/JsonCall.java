package io.cadastre.kv.port;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonStreamParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call as JSON, in the form that etcd's gateway has: fields under the names of the protocol,
 * empty ones left out, bytes as base64, long numbers as texts, unknown fields passed over. A stream
 * is one object a line.
 */
final class JsonCall extends ClientCall.Listener<Message> {

  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String WATCH = "etcdserverpb.Watch/Watch";
  private static final int OK = 200;

  private final ClientCall<Message, Message> call;
  private final boolean stream;
  private final HttpAnswer answer;

  private JsonCall(ClientCall<Message, Message> call, boolean stream, HttpAnswer answer) {
    this.call = call;
    this.stream = stream;
    this.answer = answer;
  }

  static @Nullable JsonCall start(
      Channel services,
      MethodDescriptor<Message, Message> method,
      String body,
      @Nullable String token,
      HttpAnswer answer) {
    List<Message> requests;
    try {
      requests = requests(method, body);
    } catch (InvalidProtocolBufferException | JsonParseException e) {
      fail(answer, false, Status.INVALID_ARGUMENT.withDescription(reason(e)));
      return null;
    }
    JsonCall started =
        new JsonCall(
            services.newCall(method, CallOptions.DEFAULT),
            !method.getType().serverSendsOneMessage(),
            answer);
    Metadata headers = new Metadata();
    if (token != null) {
      headers.put(AUTHORIZATION, token);
    }
    started.call.start(started, headers);
    started.call.request(started.stream ? 1 : 2);
    requests.forEach(started.call::sendMessage);
    if (!method.getFullMethodName().equals(WATCH)) {
      // A watch would end with its requests.
      started.call.halfClose();
    }
    return started;
  }

  /** What is wrong and where, without the names of classes and advice for programmers. */
  private static String reason(Exception failure) {
    Throwable source = failure.getCause() instanceof IOException cause ? cause : failure;
    return Objects.requireNonNullElse(source.getMessage(), "not JSON")
        .lines()
        .findFirst()
        .orElse("");
  }

  private static List<Message> requests(MethodDescriptor<Message, Message> method, String body)
      throws InvalidProtocolBufferException {
    Message empty =
        Objects.requireNonNull(
            ((PrototypeMarshaller<Message>) method.getRequestMarshaller()).getMessagePrototype());
    List<Message> requests = new ArrayList<>();
    JsonStreamParser objects = new JsonStreamParser(body);
    while (objects.hasNext()) {
      Message.Builder request = empty.newBuilderForType();
      PARSER.merge(objects.next().toString(), request);
      requests.add(request.build());
    }
    if (method.getType() == MethodType.BIDI_STREAMING) {
      return requests;
    }
    if (requests.size() > 1) {
      throw new JsonParseException("more than one object (allowed: one)");
    }
    return requests.isEmpty() ? List.of(empty) : requests;
  }

  void cancel() {
    call.cancel("the client is gone", null);
  }

  @Override
  public void onMessage(Message message) {
    String text;
    try {
      text = PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw Status.INTERNAL.withCause(e).asRuntimeException();
    }
    answer.run(() -> {
      if (!answer.isBegun()) {
        answer.begin(OK);
      }
      answer.piece(
          stream ? "{\"result\":" + text + "}\n" : text,
          () -> {
            if (stream) {
              call.request(1);
            }
          });
    });
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    answer.run(() -> {
      if (status.isOk()) {
        if (!answer.isBegun()) {
          answer.begin(OK);
        }
        answer.end();
      } else {
        fail(answer, stream, status);
      }
    });
  }

  private static void fail(HttpAnswer answer, boolean stream, Status status) {
    String text =
        status.getDescription() == null ? status.getCode().name() : status.getDescription();
    int http = httpStatus(status.getCode());
    JsonObject error = new JsonObject();
    if (stream && answer.isBegun()) {
      JsonObject inStream = new JsonObject();
      inStream.addProperty("grpc_code", status.getCode().value());
      inStream.addProperty("http_code", http);
      inStream.addProperty("code", status.getCode().value());
      inStream.addProperty("message", text);
      error.add("error", inStream);
    } else {
      answer.begin(http);
      error.addProperty("error", text);
      error.addProperty("code", status.getCode().value());
      error.addProperty("message", text);
    }
    answer.piece(error + "\n", () -> {});
    answer.end();
  }

  private static int httpStatus(Status.Code code) {
    return switch (code) {
      case OK -> OK;
      case CANCELLED -> 499;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case DEADLINE_EXCEEDED -> 504;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case PERMISSION_DENIED -> 403;
      case UNAUTHENTICATED -> 401;
      case RESOURCE_EXHAUSTED -> 429;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }
}
