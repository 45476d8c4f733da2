package io.cadastre.gateway.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.SharedRegister;
import io.cadastre.localservers.LocalPostgres;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Connections in the pool that PostgreSQL closed, as it does to all in a restart. */
@GatewayTest
class ClosedConnectionsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Api api;
  private final ConnectionPool pool;

  ClosedConnectionsTest(Api api, ConnectionPool pool) {
    this.api = api;
    this.pool = pool;
  }

  @Test
  void areHandedToNoRequest() throws SQLException {
    api.viewer();
    List<Connection> pooled = inThePool(10);
    try (var superuser = SharedRegister.connect(LocalPostgres.shared().superuser());
        Statement statement = superuser.createStatement();
        ResultSet closed =
            statement.executeQuery(
                """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE usename = 'cadastre_gateway' AND datname = current_database()
                """)) {
      assertThat(closed.next()).isTrue();
      assertThat(closed.getInt(1)).isGreaterThanOrEqualTo(10);
    }
    await().atMost(PATIENCE).until(() -> pooled.stream().noneMatch(ClosedConnectionsTest::lives));

    api.viewer().get().uri("/api/v1/instances").exchange().expectStatus().isOk();
  }

  /** As the driver made them; all of them lie in the pool when this returns. */
  private List<Connection> inThePool(int count) {
    List<Connection> lent =
        Objects.requireNonNull(
            Flux.range(0, count).flatMap(_ -> pool.create(), count).collectList().block(PATIENCE));
    List<Connection> made =
        lent.stream().map(each -> (Connection) ((Wrapped<?>) each).unwrap()).toList();
    lent.forEach(each -> Mono.from(each.close()).block(PATIENCE));
    return made;
  }

  private static boolean lives(Connection connection) {
    return Boolean.TRUE.equals(
        Mono.from(connection.validate(ValidationDepth.LOCAL)).block(PATIENCE));
  }
}
