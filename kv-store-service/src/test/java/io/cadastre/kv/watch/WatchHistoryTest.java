package io.cadastre.kv.watch;

import static io.cadastre.kv.watch.TestStore.utf8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.WatchCancelRequest;
import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchCreateRequest.FilterType;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.contracts.kv.mvcc.Event.EventType;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random writes, compactions, watches and clients that read now and then, held against the plain
 * list of all that was written.
 */
class WatchHistoryTest {

  private static final int STEPS = 3_000;

  private final List<Transaction> written = new ArrayList<>();
  private final Map<ByteString, ByteString> values = new HashMap<>();
  private final Map<Event, @Nullable ByteString> previousValues = new HashMap<>();
  private final List<Client> clients = new ArrayList<>();
  private long compactRevision = -1;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyWatcherHearsExactlyWhatItAskedForInOrderAndWhole(long seed) {
    Random random = new Random(seed);
    TestStore kv = new TestStore(TestStore.small());
    for (int i = 0; i < 4; i++) {
      clients.add(new Client(kv.hub.open(() -> {})));
    }
    for (int i = 0; i < STEPS; i++) {
      int choice = random.nextInt(100);
      Client client = clients.get(random.nextInt(clients.size()));
      if (choice < 40) {
        write(kv, random);
      } else if (choice < 45) {
        client.create(random, kv.store.revision());
      } else if (choice < 46) {
        client.cancel(random);
      } else if (choice < 47) {
        compact(kv, random);
      } else if (choice < 48) {
        kv.hub.reset();
      } else if (choice < 75) {
        boolean _ = kv.hub.step();
      } else {
        client.take();
      }
    }
    finish(kv);
    clients.forEach(client -> client.watches.values().forEach(watch -> watch.check(kv)));
  }

  private void finish(TestStore kv) {
    boolean more = true;
    while (more) {
      kv.settle();
      more = false;
      for (Client client : clients) {
        more |= client.take();
      }
    }
  }

  private void write(TestStore kv, Random random) {
    List<Transaction> committed =
        kv.write(txn -> {
          int first = random.nextInt(20);
          for (int i = 0; i < random.nextInt(1, 4); i++) {
            ByteString key = utf8("k" + (char) ('a' + first + i));
            if (random.nextInt(4) == 0) {
              txn.deleteRange(KeyRange.of(key, ByteString.EMPTY));
            } else {
              txn.put(key, utf8("v" + random.nextInt(1_000)), 0);
            }
          }
        });
    written.addAll(committed);
    committed.forEach(transaction -> transaction.events().forEach(this::remember));
  }

  private void remember(Event event) {
    ByteString key = event.getKv().getKey();
    previousValues.put(event, values.get(key));
    if (event.getType() == EventType.PUT) {
      values.put(key, event.getKv().getValue());
    } else {
      values.remove(key);
    }
  }

  private void compact(TestStore kv, Random random) {
    long revision = kv.store.revision() - random.nextInt(60);
    if (revision > kv.store.firstRevision() && revision > 1) {
      kv.compact(revision);
      compactRevision = revision;
    }
  }

  private final class Client {

    private final WatchStream stream;
    private final Map<Long, Watch> watches = new HashMap<>();
    private final List<WatchCreateRequest> asked = new ArrayList<>();

    Client(WatchStream stream) {
      this.stream = stream;
    }

    void create(Random random, long revision) {
      ByteString key = utf8("k" + (char) ('a' + random.nextInt(20)));
      ByteString end =
          switch (random.nextInt(4)) {
            case 0 -> ByteString.EMPTY;
            case 1 -> ByteString.copyFrom(new byte[] {0});
            default -> utf8("k" + (char) ('a' + random.nextInt(26)));
          };
      WatchCreateRequest.Builder request =
          WatchCreateRequest.newBuilder()
              .setKey(key)
              .setRangeEnd(end)
              .setPrevKv(random.nextBoolean())
              .setFragment(random.nextInt(4) == 0)
              .setStartRevision(
                  random.nextInt(3) == 0
                      ? 0
                      : Math.max(1, revision - random.nextInt(80) + random.nextInt(20)));
      if (random.nextInt(5) == 0) {
        request.addFilters(random.nextBoolean() ? FilterType.NOPUT : FilterType.NODELETE);
      }
      asked.add(request.build());
      stream.request(WatchRequest.newBuilder().setCreateRequest(request).build());
    }

    void cancel(Random random) {
      if (!watches.isEmpty()) {
        long id = List.copyOf(watches.keySet()).get(random.nextInt(watches.size()));
        stream.request(
            WatchRequest.newBuilder()
                .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
                .build());
      }
    }

    boolean take() {
      WatchResponse response = stream.poll();
      if (response == null) {
        return false;
      }
      if (response.getCreated()) {
        WatchCreateRequest request = asked.removeFirst();
        if (!response.getCanceled()) {
          watches.put(
              response.getWatchId(), new Watch(request, response.getHeader().getRevision()));
        }
      } else {
        Watch watch = watches.get(response.getWatchId());
        requireNonNull(watch).take(response);
      }
      return true;
    }
  }

  private final class Watch {

    private final WatchCreateRequest request;
    private final long start;
    private final List<Event> heard = new ArrayList<>();
    private boolean inPieces;
    private boolean canceled;
    private long compactedAt;

    Watch(WatchCreateRequest request, long createdAt) {
      this.request = request;
      this.start = request.getStartRevision() == 0 ? createdAt + 1 : request.getStartRevision();
    }

    void take(WatchResponse response) {
      assertThat(canceled).isFalse();
      if (response.getCanceled()) {
        canceled = true;
        compactedAt = response.getCompactRevision();
        return;
      }
      assertThat(response.getEventsCount()).isPositive();
      long first = response.getEvents(0).getKv().getModRevision();
      if (!heard.isEmpty() && !inPieces) {
        assertThat(first).isGreaterThan(heard.getLast().getKv().getModRevision());
      }
      inPieces = response.getFragment();
      assertThat(!inPieces || request.getFragment()).isTrue();
      heard.addAll(response.getEventsList());
      assertThat(response.getHeader().getRevision())
          .isGreaterThanOrEqualTo(heard.getLast().getKv().getModRevision());
    }

    void check(TestStore kv) {
      KeyRange range = KeyRange.of(request.getKey(), request.getRangeEnd());
      List<Event> expected = new ArrayList<>();
      for (Transaction transaction : written) {
        transaction.events().stream()
            .filter(_ -> transaction.revision() >= start)
            .filter(event -> range.contains(event.getKv().getKey().toByteArray()))
            .filter(this::passes)
            .forEach(expected::add);
      }
      List<Event> plain =
          heard.stream().map(event -> event.toBuilder().clearPrevKv().build()).toList();
      if (canceled) {
        assertThat(plain).isEqualTo(expected.subList(0, Math.min(plain.size(), expected.size())));
        assertThat(compactedAt).isLessThanOrEqualTo(compactRevision);
      } else {
        assertThat(plain).isEqualTo(expected);
        assertThat(kv.store.revision()).isGreaterThanOrEqualTo(1);
      }
      heard.forEach(this::checkPrevious);
    }

    private boolean passes(Event event) {
      return event.getType() == EventType.PUT
          ? !request.getFiltersList().contains(FilterType.NOPUT)
          : !request.getFiltersList().contains(FilterType.NODELETE);
    }

    private void checkPrevious(Event event) {
      if (event.hasPrevKv()) {
        assertThat(request.getPrevKv()).isTrue();
        assertThat(event.getPrevKv().getValue())
            .isEqualTo(previousValues.get(event.toBuilder().clearPrevKv().build()));
      } else if (request.getPrevKv() && event.getKv().getModRevision() > compactRevision) {
        assertThat(previousValues.get(event)).isNull();
      }
    }
  }
}
