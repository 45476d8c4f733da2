package io.cadastre.gateway.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;

/**
 * Makes a PostgreSQL database ready for its first gateway: the three roles and what they may do
 * with the database. Administrators run {@code db/prepare.sql} instead, which is the same.
 */
public final class MetadataDatabase {

  /** Owns the schema and migrates it. */
  public static final String OWNER = "cadastre_owner";

  /** The only role that writes metadata. */
  public static final String GATEWAY = "cadastre_gateway";

  /** Reads for reports; sees neither secrets nor password hashes. */
  public static final String READER = "cadastre_reader";

  static final String SCHEMA = "cadastre";

  private MetadataDatabase() {}

  /** What the roles sign in with. */
  public record Passwords(String owner, String gateway, String reader) {

    /** Names none of them. */
    @Override
    public String toString() {
      return "Passwords[…]";
    }
  }

  /**
   * Creates the roles where they are missing, gives them these passwords, and grants. May be
   * repeated.
   *
   * @param jdbcUrl of the database that is to hold the metadata
   * @param superuser who may create roles and owns the database
   */
  public static void prepare(String jdbcUrl, String superuser, String password, Passwords passwords)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl, superuser, password);
        Statement statement = connection.createStatement()) {
      statement.execute(script());
      for (Map.Entry<String, String> role :
          Map.of(OWNER, passwords.owner(), GATEWAY, passwords.gateway(), READER, passwords.reader())
              .entrySet()) {
        statement.execute(alterPassword(connection, role.getKey(), role.getValue()));
      }
    }
  }

  /** Quoted by the server, since a role's password cannot be a parameter. */
  private static String alterPassword(Connection connection, String role, String password)
      throws SQLException {
    try (PreparedStatement quote =
        connection.prepareStatement("SELECT format('ALTER ROLE %I PASSWORD %L', ?, ?)")) {
      quote.setString(1, role);
      quote.setString(2, password);
      try (ResultSet result = quote.executeQuery()) {
        result.next();
        return Objects.requireNonNull(result.getString(1));
      }
    }
  }

  private static String script() {
    try (InputStream script = MetadataDatabase.class.getResourceAsStream("/db/prepare.sql")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
