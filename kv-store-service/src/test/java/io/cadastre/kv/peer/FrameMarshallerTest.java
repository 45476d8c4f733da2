package io.cadastre.kv.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameMarshallerTest {

  private final FrameMarshaller frames = new FrameMarshaller();
  private final Frame frame =
      new Frame(300, PingRequest.newBuilder().setSendTimestamp(1L << 40).build());

  @Test
  void whatIsWrittenIsRead() throws IOException {
    assertThat(frames.parse(new ByteArrayInputStream(bytes()))).isEqualTo(frame);
  }

  @Test
  void aFlippedBitAnywhereIsFound() throws IOException {
    byte[] bytes = bytes();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      refuses(bytes);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void aFrameThatIsCutOffIsFound() throws IOException {
    byte[] bytes = bytes();
    for (int length = 0; length < bytes.length; length++) {
      refuses(Arrays.copyOf(bytes, length));
    }
  }

  private byte[] bytes() throws IOException {
    return frames.stream(frame).readAllBytes();
  }

  private void refuses(byte[] bytes) {
    assertThatThrownBy(() -> frames.parse(new ByteArrayInputStream(bytes)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("a frame is not what was sent");
  }
}
