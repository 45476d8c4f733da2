package io.cadastre.gateway.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.SharedRegister;
import io.cadastre.localservers.LocalPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rule is written twice: for the workers in Java, for whole tables in SQL. */
@GatewayTest
class NamePatternsInTheRegisterTest {

  private static final long SEED = 42;

  /** What either language might take for something else. */
  private static final List<String> PIECES =
      List.of("a", "b", "A", "*", "?", "_", "%", "\\", ".", "'", "🐘", "[", "\n");

  @Test
  void bothAdmitTheSameNames() throws SQLException {
    Random random = new Random(SEED);
    try (Connection connection = SharedRegister.connect(LocalPostgres.shared().superuser());
        PreparedStatement query = connection.prepareStatement("SELECT admits_name(?, ?, ?)")) {
      for (int i = 0; i < 2_000; i++) {
        String name = text(random).replace("*", "").replace("?", "");
        List<String> include = random.nextBoolean() ? List.of() : List.of(text(random), name + "*");
        List<String> exclude = List.of(text(random));
        query.setString(1, name);
        query.setArray(2, connection.createArrayOf("text", include.toArray()));
        query.setArray(3, connection.createArrayOf("text", exclude.toArray()));
        try (ResultSet admitted = query.executeQuery()) {
          assertThat(admitted.next()).isTrue();
          assertThat(admitted.getBoolean(1))
              .as("%s of %s without %s", name, include, exclude)
              .isEqualTo(new NamePatterns(include, exclude).admits(name));
        }
      }
    }
  }

  private static String text(Random random) {
    return random
        .ints(1L + random.nextInt(4), 0, PIECES.size())
        .mapToObj(PIECES::get)
        .collect(Collectors.joining());
  }
}
