package io.cadastre.kv.watch;

import static io.cadastre.kv.watch.TestStore.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.contracts.kv.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many watchers, and clients that do not read, with the hub on its own thread. */
class WatchLoadTest {

  private static final int STREAMS = 50;
  private static final int WATCHERS = 10_000;
  private static final int PUTS = 1_000;

  private final TestStore kv = new TestStore(WatchLimits.DEFAULT);
  private final Thread thread = Thread.ofPlatform().daemon().unstarted(kv.hub::run);

  @BeforeEach
  void start() {
    thread.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    kv.hub.close();
    thread.join();
  }

  @Test
  void tenThousandWatchersHearOfTheirOwnKeysAndOfOneTheyShare() {
    AtomicInteger heard = new AtomicInteger();
    List<WatchStream> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(reader(heard));
    }
    for (int i = 0; i < WATCHERS; i++) {
      streams.get(i % STREAMS).request(watch(own(i), i % 2 == 0 ? own(i) + "~" : "", 0));
    }
    await().until(() -> kv.hub.counts().watchers() == WATCHERS);
    for (int i = 0; i < PUTS; i++) {
      kv.put(own(i * 7 % WATCHERS), "v");
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> heard.get() == PUTS);

    streams.forEach(stream -> stream.request(watch("shared", "", 0)));
    await().until(() -> kv.hub.counts().watchers() == WATCHERS + STREAMS);
    kv.put("shared", "v");
    await().atMost(Duration.ofSeconds(60)).until(() -> heard.get() == PUTS + STREAMS);
  }

  @Test
  void aClientThatDoesNotReadTakesLittleAndHoldsUpNobodyAndMissesNothing() {
    AtomicInteger heard = new AtomicInteger();
    WatchStream reader = reader(heard);
    WatchStream sleeper = kv.hub.open(() -> {});
    for (WatchStream stream : List.of(reader, sleeper)) {
      stream.request(watch("k", "l", 0));
    }
    await().until(() -> kv.hub.counts().watchers() == 2);
    String value = "x".repeat(4_096);
    for (int i = 0; i < PUTS; i++) {
      kv.put("k" + i % 10, value);
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> heard.get() == PUTS);
    await().until(() -> kv.hub.counts().slow() == 1);
    assertThat(sleeper.readyBytes())
        .isLessThan(WatchLimits.DEFAULT.streamBytes() + 2 * WatchLimits.DEFAULT.pageBytes());

    AtomicInteger late = new AtomicInteger();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          count(sleeper, late);
          return late.get() == PUTS;
        });
  }

  /** Of one length, so that none begins with another. */
  private static String own(int number) {
    return "own/" + (WATCHERS + number);
  }

  private WatchStream reader(AtomicInteger heard) {
    WatchStream[] opened = new WatchStream[1];
    opened[0] = kv.hub.open(() -> count(opened[0], heard));
    return opened[0];
  }

  private static void count(WatchStream stream, AtomicInteger heard) {
    for (WatchResponse each = stream.poll(); each != null; each = stream.poll()) {
      heard.addAndGet(each.getEventsCount());
    }
  }

  private static WatchRequest watch(String key, String end, long start) {
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder()
                .setKey(utf8(key))
                .setRangeEnd(utf8(end))
                .setStartRevision(start))
        .build();
  }
}
