package io.cadastre.contracts.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.cadastre.contracts.kv.auth.Role;
import io.cadastre.contracts.kv.election.LeaderKey;
import io.cadastre.contracts.kv.lock.LockRequest;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.etcd.jetcd.api.ElectionOuterClass;
import io.etcd.jetcd.api.JetcdProto;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds our messages and services against the copy that a client nobody here wrote carries. */
class WireFormatTest {

  @Test
  void everyFieldEnumAndMethodThatJetcdKnowsIsTheSameHere() {
    Map<String, String> ours =
        wire(
            Stream.of(
                    KeyValue.getDescriptor(),
                    Role.getDescriptor(),
                    ResponseHeader.getDescriptor(),
                    RangeRequest.getDescriptor(),
                    WatchRequest.getDescriptor(),
                    LeaseGrantRequest.getDescriptor(),
                    Member.getDescriptor(),
                    StatusRequest.getDescriptor(),
                    AuthEnableRequest.getDescriptor(),
                    LockRequest.getDescriptor(),
                    LeaderKey.getDescriptor())
                .map(Descriptor::getFile));
    Map<String, String> theirs =
        wire(
            Stream.of(
                JetcdProto.getDescriptor(),
                io.etcd.jetcd.api.lock.JetcdProto.getDescriptor(),
                ElectionOuterClass.getDescriptor(),
                io.etcd.jetcd.api.KeyValue.getDescriptor().getFile(),
                io.etcd.jetcd.api.Role.getDescriptor().getFile()));

    assertThat(theirs).hasSizeGreaterThan(300);
    // Declared by jetcd alone; etcd has no such method.
    theirs.remove("etcdserverpb.Watch.Progress");
    theirs.entrySet().removeAll(ours.entrySet());
    assertThat(theirs).as("what differs here").isEmpty();
  }

  /** Each element of the wire format by its full name, with all that both sides must agree on. */
  private static Map<String, String> wire(Stream<FileDescriptor> files) {
    Map<String, String> elements = new TreeMap<>();
    files.forEach(file -> {
      file.getMessageTypes().forEach(message -> add(elements, message));
      file.getEnumTypes().forEach(type -> add(elements, type));
      file.getServices().forEach(service -> add(elements, service));
    });
    return elements;
  }

  private static void add(Map<String, String> elements, Descriptor message) {
    for (FieldDescriptor field : message.getFields()) {
      String of =
          switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> field.getType().name();
          };
      elements.put(
          message.getFullName() + "." + field.getName(),
          field.getNumber() + (field.isRepeated() ? " repeated " : " ") + of);
    }
    message.getNestedTypes().forEach(nested -> add(elements, nested));
    message.getEnumTypes().forEach(nested -> add(elements, nested));
  }

  private static void add(Map<String, String> elements, EnumDescriptor type) {
    for (EnumValueDescriptor value : type.getValues()) {
      elements.put(type.getFullName() + "." + value.getName(), String.valueOf(value.getNumber()));
    }
  }

  private static void add(Map<String, String> elements, ServiceDescriptor service) {
    for (MethodDescriptor method : service.getMethods()) {
      elements.put(
          method.getFullName(),
          (method.isClientStreaming() ? "stream " : "")
              + method.getInputType().getFullName()
              + " -> "
              + (method.isServerStreaming() ? "stream " : "")
              + method.getOutputType().getFullName());
    }
  }
}
