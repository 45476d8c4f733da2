package io.cadastre.kv.peer;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/** The one method by which Raft's messages travel. */
final class RaftMethod {

  static final String SERVICE = "cadastre.peer.Raft";

  /** Entries and snapshots come in pieces far below it. */
  static final int MOST_MESSAGE_BYTES = 8 << 20;

  /** More than one round trip's worth between data centres. */
  static final int WINDOW_BYTES = 4 << 20;

  private static final FrameMarshaller FRAMES = new FrameMarshaller();

  static final MethodDescriptor<Frame, Frame> EXCHANGE =
      MethodDescriptor.<Frame, Frame>newBuilder()
          .setType(MethodType.BIDI_STREAMING)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Exchange"))
          .setRequestMarshaller(FRAMES)
          .setResponseMarshaller(FRAMES)
          .build();

  private RaftMethod() {}
}
