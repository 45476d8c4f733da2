package io.cadastre.gateway.size;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.database.MetadataDatabase;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.SharedRegister;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@GatewayTest
class SizeSeriesApiTest {

  private static final long GB = 1_000_000_000;

  private final Api api;

  SizeSeriesApiTest(Api api) {
    this.api = api;
  }

  @Test
  void aYearOfAnInstanceByMonthTellsHowItChangedAndWhenItIsFull() throws SQLException {
    long id = instance(100 * GB);
    // 200 days, 50 GB at first, 100 MB a day.
    samples(id, "shop", 200, "50e9 + (199 - age) * 1e8");
    JsonNode months = get("/api/v1/instances/" + id + "/sizes?interval=monthly");

    assertThat(months.get("points").size()).isBetween(7, 8);
    JsonNode last = months.get("points").get(months.get("points").size() - 2);
    assertThat(last.get("complete").asBoolean()).isTrue();
    assertThat(last.get("change_bytes").asLong()).isBetween(28 * GB / 10, 31 * GB / 10);
    JsonNode forecast = months.get("forecast");
    assertThat(forecast.get("trend_bytes_per_day").asLong()).isEqualTo(GB / 10);
    assertThat(forecast.get("confidence").asString()).isEqualTo("high");
    assertThat(forecast.get("days_until_limit").asDouble()).isBetween(301.0, 302.0);
    assertThat(forecast.get("reason").isNull()).isTrue();
  }

  @Test
  void aTruncateYesterdayDoesNotFoolTheForecast() throws SQLException {
    long id = instance(100 * GB);
    samples(id, "shop", 60, "60e9 + (59 - age) * 1e8 - CASE WHEN age <= 1 THEN 30e9 ELSE 0 END");
    JsonNode forecast = get("/api/v1/instances/" + id + "/sizes").get("forecast");

    assertThat(forecast.get("trend_bytes_per_day").asLong()).isEqualTo(GB / 10);
    assertThat(forecast.get("level_shifts").size()).isEqualTo(1);
    assertThat(forecast.get("confidence").asString()).isEqualTo("low");
  }

  @Test
  void aYoungInstanceSaysWhyThereIsNoForecast() throws SQLException {
    long id = instance(100 * GB);
    samples(id, "shop", 2, "5e9");
    JsonNode forecast = get("/api/v1/instances/" + id + "/sizes").get("forecast");

    assertThat(forecast.get("reason").asString()).isEqualTo("too_little_history");
    assertThat(forecast.get("trend_bytes_per_day").isNull()).isTrue();
    assertThat(forecast.get("explanation").asString()).startsWith("measured on 2 days");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop",
        "a/b",
        "x.y",
        "päron 🍐",
        "50%",
        "a;b=c",
        "back\\slash",
        "?#",
        "a//b",
        "a b+c"
      })
  void aDatabaseOfAnyNameHasItsSeries(String name) throws SQLException {
    long id = instance(100 * GB);
    samples(id, name, 3, "7e9");
    String segment = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    JsonNode series =
        get("/api/v1/instances/%d/databases/%s/sizes?interval=sample".formatted(id, segment));

    assertThat(series.get("database").asString()).isEqualTo(name);
    assertThat(series.get("points").size()).isEqualTo(3);
    assertThat(series.get("points").get(0).get("size_bytes").asLong()).isEqualTo(7 * GB);
  }

  @Test
  void fromAndToCutTheSeries() throws SQLException {
    long id = instance(100 * GB);
    samples(id, "shop", 30, "5e9");
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    JsonNode days =
        get(
            "/api/v1/instances/%d/sizes?interval=daily&from=%s&to=%s"
                .formatted(id, today.minusDays(9), today.minusDays(4)));

    assertThat(texts(days, "period_start"))
        .containsExactly(
            today.minusDays(9).toString(),
            today.minusDays(8).toString(),
            today.minusDays(7).toString(),
            today.minusDays(6).toString(),
            today.minusDays(5).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "interval=hourly|interval|hourly|sample, daily, weekly, monthly",
        "from=yesterday|from|yesterday|an RFC 3339 time or a date, such as 2026-01-31T00:00:00Z",
        "from=2026-02-30|from|2026-02-30|an RFC 3339 time or a date, such as 2026-01-31T00:00:00Z",
        "to=999999999-01-01T00:00:00Z|to|999999999-01-01T00:00:00Z|an RFC 3339 time or a date, such as 2026-01-31T00:00:00Z",
        "from=1971-01-01|from|1971-01-01|a time so that at most 2000 periods lie before to",
        "from=2026-05-02&to=2026-05-01|from|2026-05-02|a time before to, which is 2026-05-01T00:00:00Z",
      })
  void refusesWhatItCannotFollow(String query, String field, String value, String allowed)
      throws SQLException {
    long id = instance(100 * GB);
    JsonNode problem = problem("/api/v1/instances/" + id + "/sizes?" + query, 400);

    assertThat(problem.get("errors").get(0).get("field").asString()).isEqualTo(field);
    assertThat(problem.get("errors").get(0).get("value").asString()).isEqualTo(value);
    assertThat(problem.get("errors").get(0).get("allowed").asString()).isEqualTo(allowed);
  }

  @Test
  void saysWhatThereIsNot() throws SQLException {
    problem("/api/v1/instances/987654321/sizes", 404);
    problem("/api/v1/instances/" + instance(GB) + "/databases/nosuch/sizes", 404);
  }

  private JsonNode get(String path) {
    return Api.body(api.viewer().get().uri(base().resolve(path)).exchange().expectStatus().isOk());
  }

  private JsonNode problem(String path, int status) {
    return Api.body(
        api.viewer().get().uri(base().resolve(path)).exchange().expectStatus().isEqualTo(status));
  }

  private URI base() {
    return URI.create("http://127.0.0.1:" + api.port());
  }

  private static List<String> texts(JsonNode series, String field) {
    return StreamSupport.stream(series.get("points").spliterator(), false)
        .map(point -> point.get(field).asString())
        .toList();
  }

  private long instance(long capacity) throws SQLException {
    String name = api.unique("sized");
    try (var connection = SharedRegister.connect(MetadataDatabase.GATEWAY);
        var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                """
                WITH i AS (
                  INSERT INTO instance (name, engine, host, port, username, tls_mode, capacity_bytes, created_at, updated_at)
                  VALUES ('%s', 'postgresql', '%s', 5432, 'u', 'disabled', %d, now(), now()) RETURNING id),
                s AS (INSERT INTO instance_state (instance_id) SELECT id FROM i)
                SELECT id FROM i
                """
                    .formatted(name, name, capacity))) {
      result.next();
      return result.getLong(1);
    }
  }

  /** One a day at 04:00 UTC, the last today or, before four, yesterday. */
  private static void samples(long instance, String database, int days, String bytes)
      throws SQLException {
    try (var connection = SharedRegister.connect(MetadataDatabase.GATEWAY);
        var statement = connection.createStatement()) {
      String values =
          """
          SELECT %d AS id, '%s' AS name, date_trunc('day', now() - interval '4 hours', 'UTC') + interval '4 hours'
            - age * interval '1 day' AS at, (%s)::bigint AS bytes, age
          FROM generate_series(0, %d) AS age
          """
              .formatted(instance, database.replace("'", "''"), bytes, days - 1);
      statement.execute(
          "SELECT ensure_size_partitions((now() - interval '1 year')::date, now()::date)");
      statement.execute(
          "INSERT INTO database_size_stats SELECT id, name, at, gen_random_uuid(), bytes, NULL, NULL,"
              + " NULL, false, 'pg_database_size' FROM ("
              + values
              + ") v");
      statement.execute(
          "INSERT INTO instance_size_stats SELECT id, at, gen_random_uuid(), bytes, 0, 1, 0, false FROM"
              + " ("
              + values
              + ") v");
      statement.execute(
          "INSERT INTO size_touched_day SELECT id, (at AT TIME ZONE 'UTC')::date FROM ("
              + values
              + ") v");
      statement.execute(
          "INSERT INTO latest_size_scan (instance_id, scan_number, collected_at) SELECT id, 1, at FROM"
              + " ("
              + values
              + ") v WHERE age = 0");
      statement.execute(
          "UPDATE instance_state SET total_size_bytes = bytes FROM ("
              + values
              + ") v WHERE instance_id = id AND age = 0");
    }
  }
}
