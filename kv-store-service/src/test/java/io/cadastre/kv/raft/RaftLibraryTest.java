package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The library was built against older companions than those that it runs with here. */
class RaftLibraryTest {

  @Test
  void itsMessagesSurviveTheWire() throws Exception {
    AppendEntriesRequest request =
        AppendEntriesRequest.newBuilder()
            .setGroupId("g")
            .setServerId("a:1")
            .setPeerId("b:2")
            .setTerm(3)
            .setPrevLogTerm(2)
            .setPrevLogIndex(7)
            .setCommittedIndex(6)
            .setData(ByteString.copyFromUtf8("data"))
            .build();
    assertThat(AppendEntriesRequest.parseFrom(request.toByteArray())).isEqualTo(request);
  }

  @Test
  void itsLogEntriesSurviveTheDisk() {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
    entry.setId(new LogId(5, 3));
    entry.setPeers(List.of(new PeerId("host.example", 2380)));
    entry.setData(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    LogEntryV2CodecFactory codec = LogEntryV2CodecFactory.getInstance();
    LogEntry read = codec.decoder().decode(codec.encoder().encode(entry));
    assertThat(read.getId()).isEqualTo(new LogId(5, 3));
    assertThat(read.getPeers()).containsExactly(new PeerId("host.example", 2380));
    assertThat(read.getData()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
  }

  @Test
  void neitherItsTransportNorHessianIsThere() {
    for (String name :
        List.of("com.alipay.remoting.rpc.RpcServer", "com.caucho.hessian.io.HessianInput")) {
      assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }
  }
}
