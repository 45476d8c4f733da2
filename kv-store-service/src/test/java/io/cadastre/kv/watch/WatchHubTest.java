package io.cadastre.kv.watch;

import static io.cadastre.kv.watch.TestStore.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.kv.WatchCancelRequest;
import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchCreateRequest.FilterType;
import io.cadastre.contracts.kv.WatchProgressRequest;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WatchHubTest {

  private final TestStore kv = new TestStore(TestStore.small());
  private final WatchStream stream = kv.hub.open(() -> {});

  @Test
  void aWatchFromNowOnHearsWhatComesAndNothingFromBefore() {
    kv.put("a", "1");
    create(w -> {});
    kv.put("a", "2");
    kv.put("b", "1");
    kv.delete("a");
    List<WatchResponse> responses = responses();
    assertThat(responses.getFirst().getCreated()).isTrue();
    assertThat(responses.getFirst().getHeader().getRevision()).isEqualTo(2);
    assertThat(shown(responses)).containsExactly("3 a=2", "5 -a");
  }

  @Test
  void aWatchFromAPastRevisionReadsTheHistoryFirst() {
    kv.put("a", "1");
    kv.put("a", "2");
    create(w -> w.setStartRevision(2));
    kv.put("a", "3");
    assertThat(shown(responses())).containsExactly("2 a=1", "3 a=2", "4 a=3");
  }

  @Test
  void aWatchFromAFutureRevisionHearsNothingBeforeIt() {
    create(w -> w.setStartRevision(4));
    kv.put("a", "1");
    kv.put("a", "2");
    askProgress();
    assertThat(responses()).hasSize(1);
    kv.put("a", "3");
    askProgress();
    List<WatchResponse> responses = responses();
    assertThat(shown(responses)).containsExactly("4 a=3");
    assertThat(responses.getLast().getWatchId()).isEqualTo(-1);
  }

  @Test
  void aCompactedStartIsCreatedAndThenCanceledWithTheCompactRevision() {
    kv.put("a", "1");
    kv.put("a", "2");
    kv.put("a", "3");
    kv.compact(4);
    create(w -> w.setStartRevision(3));
    List<WatchResponse> responses = responses();
    assertThat(responses).hasSize(2);
    assertThat(responses.getFirst().getCreated()).isTrue();
    assertThat(responses.getFirst().getCanceled()).isFalse();
    assertThat(responses.getLast().getCanceled()).isTrue();
    assertThat(responses.getLast().getCompactRevision()).isEqualTo(4);
  }

  @Test
  void aWatchFromTheCompactRevisionStillHearsOfADeleteThere() {
    kv.put("a", "1");
    kv.delete("a");
    kv.compact(3);
    create(w -> w.setStartRevision(3));
    assertThat(shown(responses())).containsExactly("3 -a");
  }

  @Test
  void refusalsAreInEtcdsWords() {
    create(w -> w.setStartRevision(-1));
    create(w -> w.setKey(utf8("b")).setRangeEnd(utf8("a")));
    create(w -> w.setWatchId(7));
    create(w -> w.setWatchId(7));
    List<WatchResponse> responses = responses();
    assertThat(responses)
        .extracting(WatchResponse::getCancelReason)
        .containsExactly(
            "etcdserver: mvcc: required revision has been compacted",
            "mvcc: watcher range is empty",
            "",
            "mvcc: duplicate watch ID provided on the WatchStream");
    assertThat(responses).extracting(WatchResponse::getWatchId).containsExactly(-1L, -1L, 7L, -1L);
    assertThat(responses.get(3).getCreated() && responses.get(3).getCanceled()).isTrue();
  }

  @Test
  void idsAreChosenFromZeroAndSkipThoseTaken() {
    create(w -> w.setWatchId(1));
    create(w -> {});
    create(w -> {});
    assertThat(responses()).extracting(WatchResponse::getWatchId).containsExactly(1L, 0L, 2L);
  }

  @Test
  void aCanceledWatchHearsNoMore() {
    create(w -> {});
    stream.request(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(0))
            .build());
    kv.settle();
    kv.put("a", "1");
    List<WatchResponse> responses = responses();
    assertThat(responses).hasSize(2);
    assertThat(responses.getLast().getCanceled()).isTrue();
    assertThat(responses.getLast().getCancelReason()).isEmpty();
    assertThat(kv.hub.counts()).isEqualTo(new WatchCounts(1, 0, 0));
  }

  @Test
  void filtersLeaveOutPutsOrDeletes() {
    create(w -> w.addFilters(FilterType.NOPUT));
    create(w -> w.addFilters(FilterType.NODELETE));
    kv.put("a", "1");
    kv.delete("a");
    List<WatchResponse> responses = responses();
    assertThat(shown(responses, 0)).containsExactly("3 -a");
    assertThat(shown(responses, 1)).containsExactly("2 a=1");
  }

  @Test
  void previousValuesComeWithUpdatesAndDeletes() {
    create(w -> w.setPrevKv(true));
    kv.put("a", "1");
    kv.put("a", "2");
    kv.delete("a");
    kv.put("a", "3");
    List<Event> events =
        responses().stream().flatMap(response -> response.getEventsList().stream()).toList();
    assertThat(events)
        .extracting(event -> event.getPrevKv().getValue().toStringUtf8())
        .containsExactly("", "1", "2", "");
    assertThat(events.getFirst().hasPrevKv()).isFalse();
  }

  @Test
  void fragmentsAreSmallAndAllButTheLastSaySo() {
    create(w -> w.setFragment(true).setRangeEnd(utf8("b")));
    create(w -> w.setRangeEnd(utf8("b")));
    kv.write(txn -> {
      for (int i = 0; i < 100; i++) {
        txn.put(utf8("a" + i), utf8("x".repeat(50)), 0);
      }
    });
    List<WatchResponse> all = responses();
    List<WatchResponse> pieces =
        all.stream().filter(r -> r.getWatchId() == 0 && r.getEventsCount() > 0).toList();
    assertThat(pieces).hasSizeGreaterThan(5);
    assertThat(pieces).allMatch(piece -> piece.getSerializedSize() < 1_000);
    assertThat(pieces.subList(0, pieces.size() - 1)).allMatch(WatchResponse::getFragment);
    assertThat(pieces.getLast().getFragment()).isFalse();
    assertThat(shown(pieces)).hasSize(100);
    assertThat(all.stream().filter(r -> r.getWatchId() == 1 && r.getEventsCount() > 0))
        .singleElement()
        .satisfies(whole -> assertThat(whole.getEventsCount()).isEqualTo(100));
  }

  @Test
  void progressIsToldOnRequestWhenAllIsTold() {
    create(w -> {});
    kv.put("b", "1");
    askProgress();
    WatchResponse progress = responses().getLast();
    assertThat(progress.getWatchId()).isEqualTo(-1);
    assertThat(progress.getEventsCount()).isZero();
    assertThat(progress.getHeader().getRevision()).isEqualTo(2);
  }

  @Test
  void quietWatchesHearOfProgressFromTimeToTime() {
    create(w -> w.setProgressNotify(true));
    create(w -> {});
    kv.put("b", "1");
    assertThat(responses()).hasSize(2);
    kv.nanos += Duration.ofMinutes(12).toNanos();
    List<WatchResponse> responses = responses();
    assertThat(responses).hasSize(1);
    assertThat(responses.getFirst().getWatchId()).isZero();
    assertThat(responses.getFirst().getHeader().getRevision()).isEqualTo(2);
    kv.put("a", "1");
    assertThat(shown(responses(), 0)).containsExactly("3 a=1");
    kv.nanos += Duration.ofMinutes(12).toNanos();
    assertThat(responses()).isEmpty();
    kv.nanos += Duration.ofMinutes(12).toNanos();
    assertThat(responses()).hasSize(1);
  }

  @Test
  void afterTheStoreIsReplacedWatchersGoOnFromTheHistory() {
    create(w -> {});
    settleAndDrop();
    kv.store.write(txn -> txn.put(utf8("a"), utf8("1"), 0));
    kv.store.commit(_ -> {});
    kv.hub.reset();
    kv.put("a", "2");
    assertThat(shown(responses())).containsExactly("2 a=1", "3 a=2");
  }

  @Test
  void aClosedStreamLeavesNothingBehind() {
    create(w -> {});
    kv.put("a", "1");
    kv.settle();
    stream.close();
    kv.settle();
    assertThat(kv.hub.counts()).isEqualTo(new WatchCounts(0, 0, 0));
    assertThat(stream.poll()).isNull();
  }

  private void settleAndDrop() {
    assertThat(responses()).isNotEmpty();
  }

  private void askProgress() {
    stream.request(
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
  }

  private void create(Consumer<WatchCreateRequest.Builder> settings) {
    WatchCreateRequest.Builder request = WatchCreateRequest.newBuilder().setKey(utf8("a"));
    settings.accept(request);
    stream.request(WatchRequest.newBuilder().setCreateRequest(request).build());
    kv.settle();
  }

  private List<WatchResponse> responses() {
    List<WatchResponse> taken = new ArrayList<>();
    kv.settle();
    for (WatchResponse each = stream.poll(); each != null; each = stream.poll()) {
      taken.add(each);
      kv.settle();
    }
    return taken;
  }

  private static List<String> shown(List<WatchResponse> responses) {
    return responses.stream()
        .flatMap(response -> response.getEventsList().stream())
        .map(WatchHubTest::shown)
        .toList();
  }

  private static List<String> shown(List<WatchResponse> responses, long watchId) {
    return shown(responses.stream().filter(each -> each.getWatchId() == watchId).toList());
  }

  private static String shown(Event event) {
    String key = event.getKv().getKey().toStringUtf8();
    String change =
        event.getType() == Event.EventType.DELETE
            ? "-" + key
            : key + "=" + event.getKv().getValue().toStringUtf8();
    return event.getKv().getModRevision() + " " + change;
  }
}
