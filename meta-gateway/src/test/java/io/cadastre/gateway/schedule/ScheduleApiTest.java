package io.cadastre.gateway.schedule;

import static io.cadastre.gateway.fixture.Api.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Schedules over HTTP. They are shared by all tests, so each leaves them as it found them. */
@GatewayTest
class ScheduleApiTest {

  private static final String SCHEDULE = "/api/v1/schedules/sizes";
  private static final Map<String, Object> DEFAULT =
      Map.of(
          "cron",
          "0 4 * * *",
          "time_zone",
          "UTC",
          "spread_minutes",
          60,
          "parallel",
          20,
          "enabled",
          false);

  private final Api api;

  ScheduleApiTest(Api api) {
    this.api = api;
  }

  @AfterEach
  void putBack() {
    put(DEFAULT, "*").expectStatus().isOk();
  }

  @Test
  void aScheduleIsChangedByWhoKnowsItsVersion() {
    put(with("cron", "30 2 * * 1"), "*").expectStatus().isOk();
    var read = api.viewer().get().uri(SCHEDULE).exchange().expectStatus().isOk();
    String etag =
        Objects.requireNonNull(
            read.returnResult(JsonNode.class).getResponseHeaders().getFirst("ETag"));
    JsonNode changed = body(put(with("time_zone", "Asia/Shanghai"), etag).expectStatus().isOk());

    assertThat(changed.get("time_zone").asString()).isEqualTo("Asia/Shanghai");
    put(DEFAULT, etag).expectStatus().isEqualTo(412);
    api.admin().put().uri(SCHEDULE).bodyValue(DEFAULT).exchange().expectStatus().isEqualTo(428);
    api.operator()
        .put()
        .uri(SCHEDULE)
        .header("If-Match", "*")
        .bodyValue(DEFAULT)
        .exchange()
        .expectStatus()
        .isForbidden();
  }

  @Test
  void theNextFiringsAreShownForTheZone() {
    JsonNode changed =
        body(put(with("time_zone", "Asia/Shanghai", "enabled", true), "*").expectStatus().isOk());
    assertThat(changed.get("next_fire_times").valueStream())
        .hasSize(3)
        .allMatch(time -> time.asString().endsWith("T20:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cron | every day | cron",
        "cron | 0 4 30 2 * | cron",
        "time_zone | Middle/Earth | time_zone",
        "spread_minutes | -1 | spread_minutes",
        "spread_minutes | 1441 | spread_minutes",
        "parallel | 0 | parallel",
        "parallel | 1001 | parallel"
      })
  void whatIsNotAllowedIsNamed(String field, String value, String named) {
    Object typed = value.matches("-?\\d+") ? (Object) Integer.valueOf(value) : value;
    JsonNode problem = body(put(with(field, typed), "*").expectStatus().isBadRequest());
    assertThat(problem.at("/errors/0/field").asString()).isEqualTo(named);
    assertThat(problem.at("/errors/0/allowed").asString()).isNotEmpty();
  }

  @Test
  void schedulesAreListedAPageAtATime() {
    JsonNode first = list("?limit=1");
    assertThat(first.at("/items/0/job").asString()).isEqualTo("databases");
    JsonNode second = list("?limit=1&cursor=" + first.get("next_cursor").asString());
    assertThat(second.at("/items/0/job").asString()).isEqualTo("sizes");
    assertThat(second.get("next_cursor").isNull()).isTrue();
    assertThat(list("").get("items")).hasSize(2);
  }

  private JsonNode list(String query) {
    return body(
        api.viewer().get().uri("/api/v1/schedules" + query).exchange().expectStatus().isOk());
  }

  /** Runs themselves are tested on a register of their own: here one would ask every instance. */
  @Test
  void runsAreListedAndOnlyAdminsStartThem() {
    api.viewer().get().uri("/api/v1/runs?job=sizes").exchange().expectStatus().isOk();
    api.viewer().get().uri("/api/v1/runs?job=lunch").exchange().expectStatus().isBadRequest();
    api.viewer()
        .get()
        .uri("/api/v1/runs/{id}", UUID.randomUUID())
        .exchange()
        .expectStatus()
        .isNotFound();
    api.operator().post().uri(SCHEDULE + "/run").exchange().expectStatus().isForbidden();
    api.admin().get().uri("/api/v1/schedules/lunch").exchange().expectStatus().isNotFound();
  }

  private ResponseSpec put(Map<String, Object> settings, String ifMatch) {
    return api.admin()
        .put()
        .uri(SCHEDULE)
        .header("If-Match", ifMatch)
        .bodyValue(settings)
        .exchange();
  }

  private static Map<String, Object> with(Object... changes) {
    Map<String, Object> settings = new LinkedHashMap<>(DEFAULT);
    for (int i = 0; i < changes.length; i += 2) {
      settings.put(String.valueOf(changes[i]), changes[i + 1]);
    }
    return settings;
  }
}
