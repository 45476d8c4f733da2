package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.HashKVRequest;
import io.cadastre.contracts.kv.HashKVResponse;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.grpc.ManagedChannel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many keys. The member's heap has room for their index, and not for all of them at once; and
 * it has one processor.
 */
final class MillionKeysTest {

  private static final int KEYS = 1_000_000;
  private static final int KEYS_OF_ONE = 125;
  private static final int PUTS_UNDER_WAY = 20;
  private static final int PAGE = 10_000;
  private static final int VALUE_BYTES = 200;
  private static final int HASHES = 4;
  private static final int HEALTH_ASKED = 3;
  private static final long LONG_SECONDS = 300;
  private static final String PREFIX = "k/";
  private static final ByteString END = Wire.behind(PREFIX);

  @TempDir private Path directory;

  @Test
  void areStreamedReadInPagesAndHashed() throws Exception {
    try (Members members = Members.startOne(directory, "-Xmx384m", "-XX:ActiveProcessorCount=1")) {
      ManagedChannel channel = members.channels().getFirst();
      var kv = KVGrpc.newFutureStub(channel);
      Calls.all(KEYS / KEYS_OF_ONE, PUTS_UNDER_WAY, i -> kv.txn(puts(i * KEYS_OF_ONE)));
      stream(channel);
      readInPages(channel);
      askHowItIsWhileAllIsHashed(channel);
    }
  }

  private static void stream(ManagedChannel channel) {
    InOrder streamed = new InOrder();
    blocking(channel)
        .rangeStream(range(PREFIX).build())
        .forEachRemaining(each -> streamed.take(each.getRangeResponse().getKvsList()));
    assertThat(streamed.next).isEqualTo(KEYS);
  }

  private static void readInPages(ManagedChannel channel) {
    InOrder paged = new InOrder();
    ByteString from = Wire.bytes(PREFIX);
    RangeResponse page;
    do {
      page = blocking(channel).range(range(PREFIX).setKey(from).setLimit(PAGE).build());
      paged.take(page.getKvsList());
      from = page.getKvs(page.getKvsCount() - 1).getKey().concat(ByteString.copyFrom(new byte[1]));
    } while (page.getMore());
    assertThat(paged.next).isEqualTo(KEYS);
  }

  private static void askHowItIsWhileAllIsHashed(ManagedChannel channel) throws Exception {
    var maintenance = MaintenanceGrpc.newFutureStub(channel);
    List<ListenableFuture<HashKVResponse>> hashes = new ArrayList<>();
    for (int i = 0; i < HASHES; i++) {
      hashes.add(maintenance.hashKV(HashKVRequest.getDefaultInstance()));
    }
    URI health = URI.create("http://" + channel.authority() + "/health");
    for (int i = 0; i < HEALTH_ASKED; i++) {
      assertThat(get(health)).contains("\"health\":\"true\"");
    }
    // What it would have waited for, had it waited.
    assertThat(hashes).anyMatch(each -> !each.isDone());
    Set<Integer> found = new HashSet<>();
    for (ListenableFuture<HashKVResponse> each : hashes) {
      found.add(each.get(LONG_SECONDS, TimeUnit.SECONDS).getHash());
    }
    assertThat(found).hasSize(1);
  }

  private static String get(URI page) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
    }
  }

  private static KVGrpc.KVBlockingStub blocking(ManagedChannel channel) {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(LONG_SECONDS, TimeUnit.SECONDS);
  }

  private static RangeRequest.Builder range(String from) {
    return RangeRequest.newBuilder().setKey(Wire.bytes(from)).setRangeEnd(END);
  }

  private static TxnRequest puts(int first) {
    ByteString value = ByteString.copyFrom(new byte[VALUE_BYTES]);
    TxnRequest.Builder puts = TxnRequest.newBuilder();
    for (int i = first; i < first + KEYS_OF_ONE; i++) {
      puts.addSuccess(
          RequestOp.newBuilder()
              .setRequestPut(PutRequest.newBuilder().setKey(key(i)).setValue(value)));
    }
    return puts.build();
  }

  private static ByteString key(int number) {
    return Wire.bytes("%s%06d".formatted(PREFIX, number));
  }

  /** Takes each key once, in order, with its value. */
  private static final class InOrder {

    private int next;

    void take(List<KeyValue> kvs) {
      for (KeyValue kv : kvs) {
        if (!kv.getKey().equals(key(next)) || kv.getValue().size() != VALUE_BYTES) {
          throw new AssertionError("wanted key " + next + ", got " + kv);
        }
        next++;
      }
    }
  }
}
