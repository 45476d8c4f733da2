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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Whatever way they came by it: a grant, one on a column, one to PUBLIC, a membership. */
  private static final String OTHERS_WHO_MAY_WRITE =
      """
      SELECT r.rolname || ' on ' || c.relname
      FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'cadastre' AND NOT r.rolsuper AND r.rolname !~ '^pg_'
        AND r.rolname NOT IN ('cadastre_owner', 'cadastre_gateway')
        AND CASE WHEN c.relkind IN ('r', 'p', 'v', 'm', 'f')
                 THEN has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES, MAINTAIN')
                   OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE, REFERENCES')
                 WHEN c.relkind = 'S' THEN has_sequence_privilege(r.oid, c.oid, 'USAGE, UPDATE')
                 ELSE false END
      UNION ALL
      SELECT r.rolname || ' in schema cadastre' FROM pg_roles r
      WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' AND r.rolname <> 'cadastre_owner'
        AND has_schema_privilege(r.oid, 'cadastre', 'CREATE')
      UNION ALL
      SELECT r.rolname || ' by ' || p.proname FROM pg_roles r, pg_proc p
      WHERE p.pronamespace = 'cadastre'::regnamespace AND p.prosecdef AND NOT r.rolsuper
        AND r.rolname !~ '^pg_' AND r.rolname NOT IN ('cadastre_owner', 'cadastre_gateway')
        AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
      UNION ALL
      SELECT 'whoever gets it by default: ' || d.defaclacl::text FROM pg_default_acl d
      """;

  @Test
  void nobodyElseMayWriteAnywhere() throws SQLException {
    try (Connection gateway = SharedRegister.connect(MetadataDatabase.GATEWAY)) {
      assertThat(strings(gateway, OTHERS_WHO_MAY_WRITE)).isEmpty();
      gateway.setAutoCommit(false);
      assertThat(strings(gateway, "SELECT ensure_size_partitions('2041-03-01', '2041-03-01')"))
          .as("a partition of tomorrow")
          .containsExactly("4");
      assertThat(strings(gateway, OTHERS_WHO_MAY_WRITE)).isEmpty();
      gateway.rollback();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRANT UPDATE (name) ON instance TO PUBLIC",
        "GRANT TRUNCATE ON database_size_stats TO cadastre_reader",
        "GRANT USAGE ON SEQUENCE instance_id_seq TO cadastre_reader",
        "GRANT CREATE ON SCHEMA cadastre TO cadastre_reader",
        "GRANT EXECUTE ON FUNCTION drop_size_partitions(date, date) TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA cadastre GRANT INSERT ON TABLES TO cadastre_reader"
      })
  void aGrantTooManyWouldBeSeen(String grant) throws SQLException {
    try (Connection owner = SharedRegister.connect(MetadataDatabase.OWNER);
        Statement statement = owner.createStatement()) {
      owner.setAutoCommit(false);
      statement.execute(grant);
      assertThat(strings(owner, OTHERS_WHO_MAY_WRITE)).isNotEmpty();
      owner.rollback();
    }
  }

  @Test
  void theReaderReadsNoColumnThatHoldsASecret() throws SQLException {
    String readable =
        """
        SELECT c.relname || '.' || a.attname
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'cadastre'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0
          AND NOT a.attisdropped AND has_column_privilege('cadastre_reader', c.oid, a.attnum, 'SELECT')
          AND (a.attname ~ 'password|secret|sealed|hash|token|cookie|key'
               OR c.relname IN ('outbox', 'idempotency_key', 'sign_in_throttle'))
        """;
    assertThat(strings(readable)).isEmpty();
    String holding =
        """
        SELECT attrelid::regclass || '.' || attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'cadastre'::regnamespace AND c.relkind = 'r' AND attnum > 0
          AND attname ~ 'password|sealed|token_hash'
        """;
    assertThat(strings(holding))
        .as("the names above are those that the tables use")
        .contains(
            "instance.password_sealed",
            "account.password_hash",
            "session.token_hash",
            "api_token.token_hash");
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
    try (Connection owner = SharedRegister.connect(MetadataDatabase.OWNER)) {
      return strings(owner, sql);
    }
  }

  private static List<String> strings(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }
}
