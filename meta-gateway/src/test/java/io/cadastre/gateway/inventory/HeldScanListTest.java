package io.cadastre.gateway.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@GatewayTest
class HeldScanListTest {

  private static final String PATH = "/api/v1/held-scans?limit=2&instance_id=";

  private final Api api;

  HeldScanListTest(Api api) {
    this.api = api;
  }

  @Test
  void heldScansComeInPagesNewestFirst() {
    long instance = Instances.register();
    // Two at each of three moments: the id decides between equals.
    for (int number = 1; number <= 6; number++) {
      hold(instance, number, number / 2);
    }

    List<String> read = new ArrayList<>();
    List<String> moments = new ArrayList<>();
    String next = PATH + instance;
    for (int pages = 0; !next.isEmpty(); pages++) {
      assertThat(pages).isLessThan(3);
      JsonNode page = get(next);
      page.get("items")
          .forEach(scan -> {
            read.add(scan.get("scan_id").stringValue());
            moments.add(scan.get("held_at").stringValue());
          });
      String cursor = page.get("next_cursor").asString("");
      next = cursor.isEmpty() ? "" : PATH + instance + "&cursor=" + cursor;
    }
    assertThat(read).hasSize(6).doesNotHaveDuplicates();
    assertThat(moments).isSortedAccordingTo((a, b) -> b.compareTo(a));
    api.viewer()
        .get()
        .uri(PATH + instance + "&cursor=WyJoZWxkLXNjYW5zIiwidG9kYXkiLCIxIl0")
        .exchange()
        .expectStatus()
        .isBadRequest();
  }

  private static void hold(long instance, int number, int minute) {
    Instances.execute(
        """
        WITH o AS (
          INSERT INTO operation (id, kind, instance_id, status, requested_by, created_at, expires_at)
          VALUES (gen_random_uuid(), 'sync_databases', %1$d, 'held', 'ines', now(), now()) RETURNING id),
        s AS (
          INSERT INTO scan (id, operation_id, instance_id, number, kind, status, created_at, expires_at)
          SELECT gen_random_uuid(), id, %1$d, %2$d, 'databases', 'held', now(), now() FROM o RETURNING id)
        INSERT INTO held_scan (scan_id, instance_id, held_at, seen_at, reason)
        SELECT id, %1$d, timestamptz '2026-01-01T00:00:00Z' + %3$d * interval '1 minute', now(), 'too much'
        FROM s
        """
            .formatted(instance, number, minute));
  }

  private JsonNode get(String address) {
    return Api.body(api.viewer().get().uri(address).exchange().expectStatus().isOk());
  }
}
