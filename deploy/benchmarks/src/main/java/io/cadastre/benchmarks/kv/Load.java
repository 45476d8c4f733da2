package io.cadastre.benchmarks.kv;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.KVGrpc.KVStub;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Clients of one server, all on one thread, over few connections as real clients do: one for 16,
 * four at most.
 */
final class Load implements AutoCloseable {

  private static final int KEYS = 10_000;
  private static final int VALUE_BYTES = 256;
  private static final int MOST_ERRORS = 1_000;
  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(2);

  /** What is asked for. */
  enum Kind {
    PUT,
    RANGE,
    SERIALIZABLE_RANGE
  }

  /**
   * What came of it.
   *
   * @param micros from asking (or from when it was to be asked) to the answer
   */
  record Result(long operations, double seconds, long errors, Histogram micros) {

    double perSecond() {
      return operations / seconds;
    }
  }

  private final EventLoopGroup thread =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<KVStub> stubs = new ArrayList<>();
  private final List<ByteString> keys = new ArrayList<>();
  private final ByteString value;
  private final Random random = new Random(1);
  private final int clients;

  Load(int port, int clients) {
    this(port, clients, VALUE_BYTES);
  }

  Load(int port, int clients, int valueBytes) {
    this.clients = clients;
    for (int i = 0; i < Math.max(1, Math.min(clients / 16, 4)); i++) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .usePlaintext()
              .directExecutor()
              .eventLoopGroup(thread)
              .channelType(NioSocketChannel.class)
              .build();
      channels.add(channel);
      stubs.add(KVGrpc.newStub(channel));
    }
    for (int i = 0; i < KEYS; i++) {
      keys.add(ByteString.copyFromUtf8("/registry/%016d".formatted(i)));
    }
    byte[] bytes = new byte[valueBytes];
    random.nextBytes(bytes);
    value = ByteString.copyFrom(bytes);
  }

  /** Every client asks for the next thing when it has the answer to the last. */
  Result closed(Kind kind, Duration duration) throws InterruptedException {
    Run run = new Run(kind, duration, clients);
    thread.execute(() -> {
      for (int client = 0; client < clients; client++) {
        run.ask(client);
      }
    });
    return run.await();
  }

  /** Asks so many times a second, whether answers come or not; late answers count as late. */
  Result open(Kind kind, Duration duration, int perSecond) throws InterruptedException {
    Run run = new Run(kind, duration, 1);
    long from = System.nanoTime();
    long[] asked = {0};
    ScheduledFuture<?> asking =
        thread.scheduleAtFixedRate(
            () -> {
              long due = (System.nanoTime() - from) * perSecond / 1_000_000_000;
              for (; asked[0] < due && System.nanoTime() < run.until; asked[0]++) {
                run.askOnce(from + asked[0] * 1_000_000_000 / perSecond, asked[0]);
              }
            },
            0,
            1,
            TimeUnit.MILLISECONDS);
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    boolean _ = asking.cancel(false);
    thread.execute(run::noMore);
    return run.await();
  }

  /** Keys that are there once, each put a single time. */
  void fill(int from, int count, int keyBytes) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(clients);
    int[] next = {from};
    thread.execute(() -> {
      for (int client = 0; client < clients; client++) {
        fillNext(next, from + count, keyBytes, done);
      }
    });
    done.await();
  }

  private void fillNext(int[] next, int end, int keyBytes, CountDownLatch done) {
    if (next[0] == end) {
      done.countDown();
      return;
    }
    int number = next[0]++;
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(("%0" + keyBytes + "d").formatted(number)))
            .setValue(value)
            .build();
    stubs
        .get(number % stubs.size())
        .put(
            request,
            new Answer<>(failed -> {
              if (failed) {
                throw new IllegalStateException("a put failed while the store was filled");
              }
              fillNext(next, end, keyBytes, done);
            }));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    var _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Its fields belong to the one thread. */
  private final class Run {

    private final Kind kind;
    private final long from = System.nanoTime();
    private final long until;
    private final CountDownLatch done;
    private final Histogram micros = new Histogram(MOST_MICROS, 3);
    private long operations;
    private long errors;
    private long under;
    private boolean noMore;

    Run(Kind kind, Duration duration, int clients) {
      this.kind = kind;
      this.until = from + duration.toNanos();
      this.done = new CountDownLatch(clients);
    }

    void ask(int client) {
      long asked = System.nanoTime();
      if (asked >= until || errors > MOST_ERRORS) {
        done.countDown();
        return;
      }
      send(
          client,
          failed -> {
            answered(asked, failed);
            ask(client);
          });
    }

    void askOnce(long due, long number) {
      under++;
      send(
          (int) (number % stubs.size()),
          failed -> {
            answered(due, failed);
            under--;
            finish();
          });
    }

    void noMore() {
      noMore = true;
      finish();
    }

    private void finish() {
      if (noMore && under == 0) {
        done.countDown();
      }
    }

    private void answered(long asked, boolean failed) {
      long now = System.nanoTime();
      if (failed) {
        errors++;
      } else {
        operations++;
        micros.recordValue(Math.clamp((now - asked) / 1_000, 0, MOST_MICROS));
      }
    }

    private void send(int client, Done then) {
      KVStub stub = stubs.get(client % stubs.size());
      ByteString key = keys.get(random.nextInt(KEYS));
      switch (kind) {
        case PUT ->
            stub.put(
                PutRequest.newBuilder().setKey(key).setValue(value).build(), new Answer<>(then));
        case RANGE -> stub.range(RangeRequest.newBuilder().setKey(key).build(), new Answer<>(then));
        case SERIALIZABLE_RANGE ->
            stub.range(
                RangeRequest.newBuilder().setKey(key).setSerializable(true).build(),
                new Answer<>(then));
      }
    }

    Result await() throws InterruptedException {
      done.await();
      double seconds = (Math.min(System.nanoTime(), until) - from) / 1e9;
      return new Result(operations, seconds, errors, micros);
    }
  }

  @FunctionalInterface
  private interface Done {

    void answered(boolean failed);
  }

  private record Answer<R>(Done then) implements StreamObserver<R> {

    @Override
    public void onNext(R response) {
      // Only that it came counts.
    }

    @Override
    public void onError(Throwable failure) {
      then.answered(true);
    }

    @Override
    public void onCompleted() {
      then.answered(false);
    }
  }
}
