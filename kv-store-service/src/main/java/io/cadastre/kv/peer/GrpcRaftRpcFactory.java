package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;
import org.jspecify.annotations.Nullable;

/**
 * Takes the place of JRaft's own transport, which is neither authenticated nor safe to expose.
 * Found by JRaft's service loader.
 */
@SPI(name = "grpc", priority = 100)
public final class GrpcRaftRpcFactory implements RaftRpcFactory {

  @Override
  public void registerProtobufSerializer(String className, Object... arguments) {
    // Frames know the messages they carry.
  }

  @Override
  public RpcClient createRpcClient(@Nullable ConfigHelper<RpcClient> helper) {
    RaftClient client = new RaftClient();
    if (helper != null) {
      helper.config(client);
    }
    return client;
  }

  @Override
  public ConfigHelper<RpcClient> defaultJRaftClientConfigHelper(RpcOptions options) {
    if (!(options instanceof PeerOptions own)) {
      throw new IllegalArgumentException(
          "options: " + options.getClass() + " (allowed: " + PeerOptions.class + ")");
    }
    return client -> ((RaftClient) client).use(own.channels());
  }

  @Override
  public RpcServer createRpcServer(Endpoint endpoint, @Nullable ConfigHelper<RpcServer> helper) {
    throw new UnsupportedOperationException("a member makes its PeerServer itself");
  }
}
