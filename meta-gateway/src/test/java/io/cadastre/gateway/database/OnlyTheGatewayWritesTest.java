package io.cadastre.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.SharedRegister;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The database itself refuses what no other role than the gateway's may do. */
@GatewayTest
class OnlyTheGatewayWritesTest {

  private static final String DENIED = "permission denied";

  @Test
  void theReaderChangesNoTable() throws SQLException {
    List<String> tables = tables();
    assertThat(tables)
        .contains("instance", "instance_databases", "database_size_stats", "operation");
    try (Connection reader = SharedRegister.connect(MetadataDatabase.READER)) {
      for (String table : tables) {
        for (String write :
            List.of("DELETE FROM %s", "INSERT INTO %s DEFAULT VALUES", "TRUNCATE %s")) {
          refused(reader, write.formatted(table));
        }
        refused(reader, "UPDATE %s SET %s = NULL".formatted(table, firstColumn(table)));
      }
      refused(reader, "CREATE TABLE mine (id int)");
      refused(reader, "SELECT nextval(pg_get_serial_sequence('instance', 'id'))");
    }
  }

  @Test
  void theReaderSeesTheEstateButNoSecrets() throws SQLException {
    try (Connection reader = SharedRegister.connect(MetadataDatabase.READER);
        Statement statement = reader.createStatement()) {
      assertThat(statement.execute("SELECT id, name, host FROM instance")).isTrue();
      assertThat(statement.execute("SELECT name, deleted_at FROM instance_databases")).isTrue();
      refused(reader, "SELECT * FROM instance");
      refused(reader, "SELECT password_hash FROM account");
      refused(reader, "SELECT token_hash FROM session");
      refused(reader, "SELECT token_hash FROM api_token");
      refused(reader, "SELECT answer_body FROM idempotency_key");
      refused(reader, "SELECT mac_key FROM idempotency_mac_key");
    }
  }

  @Test
  void notEvenTheGatewayChangesWhatWasAudited() throws SQLException {
    try (Connection gateway = SharedRegister.connect(MetadataDatabase.GATEWAY)) {
      refused(gateway, "UPDATE audit_log SET actor = 'nobody'");
      refused(gateway, "DELETE FROM audit_log");
      refused(gateway, "TRUNCATE audit_log");
      refused(gateway, "UPDATE idempotency_mac_key SET mac_key = ''");
      refused(gateway, "DROP TABLE instance");
    }
  }

  private static void refused(Connection connection, String sql) {
    assertThatThrownBy(
            () -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
              }
            })
        .as(sql)
        .isInstanceOf(SQLException.class)
        .satisfies(e -> assertThat(e.getMessage()).containsAnyOf(DENIED, "must be owner"));
  }

  /** From the catalog, so that a table of tomorrow is held to it too. */
  private static List<String> tables() throws SQLException {
    return strings(
        """
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'cadastre' AND c.relkind IN ('r', 'p')
        """);
  }

  private static String firstColumn(String table) throws SQLException {
    return strings(
            """
            SELECT attname FROM pg_attribute
            WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = ''
              AND attgenerated = '' ORDER BY attnum LIMIT 1
            """
                .formatted(table))
        .getFirst();
  }

  private static List<String> strings(String sql) throws SQLException {
    try (Connection owner = SharedRegister.connect(MetadataDatabase.OWNER);
        Statement statement = owner.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }
}
