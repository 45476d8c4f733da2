package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** JRaft's calls to other members. */
final class RaftClient implements RpcClient {

  /**
   * JRaft connects while it holds a node's lock. It is told when a connection stands, so that a
   * member which cannot be reached need not hold up the others.
   */
  private static final long CONNECTED_WITHIN_MILLIS = 250;

  private @Nullable PeerChannels channels;

  void use(PeerChannels channels) {
    this.channels = channels;
  }

  @Override
  public boolean init(RpcOptions options) {
    return channels != null;
  }

  private PeerLink link(Endpoint endpoint) {
    return Objects.requireNonNull(channels, "a client of no member").link(endpoint);
  }

  @Override
  public void shutdown() {
    if (channels != null) {
      channels.dropRaft();
    }
  }

  @Override
  public boolean checkConnection(Endpoint endpoint) {
    return link(endpoint).isConnected();
  }

  @Override
  public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
    PeerLink link = link(endpoint);
    if (link.isConnected()) {
      return true;
    }
    if (createIfAbsent) {
      link.connect();
    }
    return false;
  }

  @Override
  public void closeConnection(Endpoint endpoint) {
    link(endpoint).drop();
  }

  @Override
  public void registerConnectEventListener(ReplicatorGroup replicators) {
    Objects.requireNonNull(channels, "a client of no member");
    channels.whenConnected(endpoint -> replicators.checkReplicator(new PeerId(endpoint, 0), true));
  }

  @Override
  public Object invokeSync(
      Endpoint endpoint, Object request, @Nullable InvokeContext context, long timeoutMillis)
      throws InterruptedException, RemotingException {
    long within = Math.min(timeoutMillis, CONNECTED_WITHIN_MILLIS);
    if (!link(endpoint).awaitConnected(Duration.ofMillis(within))) {
      throw new RemotingException("not connected to " + endpoint);
    }
    CompletableFuture<Object> answer = new CompletableFuture<>();
    invokeAsync(endpoint, request, context, new Kept(answer), timeoutMillis);
    try {
      return answer.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new InvokeTimeoutException("no answer from " + endpoint, e);
    } catch (ExecutionException e) {
      throw new RemotingException("no answer from " + endpoint, e.getCause());
    }
  }

  @Override
  public void invokeAsync(
      Endpoint endpoint,
      Object request,
      @Nullable InvokeContext context,
      InvokeCallback callback,
      long timeoutMillis)
      throws RemotingException {
    link(endpoint).send((Message) request, callback, Duration.ofMillis(timeoutMillis));
  }

  private record Kept(CompletableFuture<Object> answer) implements InvokeCallback {

    @Override
    public void complete(@Nullable Object result, @Nullable Throwable failure) {
      if (failure == null) {
        answer.complete(Objects.requireNonNull(result));
      } else {
        answer.completeExceptionally(failure);
      }
    }
  }
}
