package io.cadastre.kv.peer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A frame is the number of its message's type in one byte, the call's number, the message, and a
 * checksum: what TCP lets pass would come into the log of a member.
 */
final class FrameMarshaller implements MethodDescriptor.Marshaller<Frame> {

  private static final int MOST_BUFFERED = 4096;
  private static final int SUM_BYTES = Integer.BYTES;

  @Override
  public InputStream stream(Frame frame) {
    return new Outgoing(frame);
  }

  @Override
  public Frame parse(InputStream stream) {
    try {
      byte[] bytes = bytes(stream);
      int length = checkedLength(bytes);
      // Nobody else has the array: the entries of the log need no copy of it.
      CodedInputStream read = UnsafeByteOperations.unsafeWrap(bytes, 0, length).newCodedInput();
      read.enableAliasing(true);
      int number = read.readRawByte();
      MessageType type = MessageType.numbered(number);
      if (type == null) {
        throw Status.INVALID_ARGUMENT
            .withDescription("type of message: " + number + " (allowed: those of Raft itself)")
            .asRuntimeException();
      }
      return new Frame(read.readUInt64(), type.empty().getParserForType().parseFrom(read));
    } catch (InvalidProtocolBufferException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription("not a frame")
          .withCause(e)
          .asRuntimeException();
    } catch (IOException e) {
      throw Status.INTERNAL.withCause(e).asRuntimeException();
    }
  }

  /** In one array from the start, where it is known how many they are. */
  private static byte[] bytes(InputStream stream) throws IOException {
    if (!(stream instanceof KnownLength)) {
      return stream.readAllBytes();
    }
    byte[] bytes = new byte[stream.available()];
    int read = stream.readNBytes(bytes, 0, bytes.length);
    return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
  }

  private static int checkedLength(byte[] bytes) {
    int length = bytes.length - SUM_BYTES;
    CRC32C sum = new CRC32C();
    if (length > 0) {
      sum.update(bytes, 0, length);
    }
    if (length <= 0 || ByteBuffer.wrap(bytes).getInt(length) != (int) sum.getValue()) {
      throw Status.DATA_LOSS.withDescription("a frame is not what was sent").asRuntimeException();
    }
    return length;
  }

  /** Writes itself into the transport's buffer. */
  private static final class Outgoing extends InputStream implements Drainable, KnownLength {

    private final Frame frame;
    private int left;
    private @Nullable InputStream bytes;

    Outgoing(Frame frame) {
      this.frame = frame;
      left =
          1
              + CodedOutputStream.computeUInt64SizeNoTag(frame.call())
              + frame.message().getSerializedSize()
              + SUM_BYTES;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int written = left;
      CRC32C sum = new CRC32C();
      CodedOutputStream out =
          CodedOutputStream.newInstance(
              new CheckedOutputStream(target, sum), Math.min(MOST_BUFFERED, written));
      out.writeRawByte((byte) MessageType.of(frame.message()).number());
      out.writeUInt64NoTag(frame.call());
      frame.message().writeTo(out);
      out.flush();
      target.write(ByteBuffer.allocate(SUM_BYTES).putInt((int) sum.getValue()).array());
      left = 0;
      return written;
    }

    @Override
    public int available() {
      return left;
    }

    @Override
    public int read() throws IOException {
      int next = bytes().read();
      left = bytes().available();
      return next;
    }

    @Override
    public int read(byte[] target, int from, int most) throws IOException {
      int got = bytes().read(target, from, most);
      left = bytes().available();
      return got;
    }

    private InputStream bytes() throws IOException {
      if (bytes == null) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(left);
        int _ = drainTo(whole);
        bytes = new ByteArrayInputStream(whole.toByteArray());
      }
      return bytes;
    }
  }
}
