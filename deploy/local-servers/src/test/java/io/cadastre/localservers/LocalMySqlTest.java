package io.cadastre.localservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class LocalMySqlTest {

  @Test
  void theSharedServerIsOraclesMySql80AndItsRootMayDoEverything() throws SQLException {
    var reason = LocalMySql.unavailable();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    var server = LocalMySql.shared();
    try (var connection =
            DriverManager.getConnection(server.jdbcUrl(""), server.username(), server.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT version(), @@version_comment")) {
      rows.next();
      assertThat(rows.getString(1)).startsWith("8.0.");
      assertThat(rows.getString(2)).contains("MySQL");
      statement.execute("CREATE DATABASE shop");
    }
  }
}
