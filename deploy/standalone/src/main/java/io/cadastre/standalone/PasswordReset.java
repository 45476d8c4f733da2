package io.cadastre.standalone;

import io.cadastre.gateway.database.MetadataDatabase;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Gives the user admin a new password, whether Cadastre runs on the data or not. */
final class PasswordReset {
  private static final String USER = "admin";

  private PasswordReset() {}

  static void run(CommandLine.ResetPassword reset, PrintStream out)
      throws IOException, SQLException {
    Path directory = reset.data() == null ? StandaloneRun.defaultDemoData() : reset.data();
    if (!Files.exists(directory.resolve("credentials"))) {
      throw new IllegalArgumentException(
          directory + ": no data of Cadastre there (expected: what demo or up --data made)");
    }
    var random = new SecureRandom();
    String password = Credentials.newPassword(random);
    try (var data = DataDirectory.open(directory)) {
      Logs.to(data.log(), false);
      var credentials = Credentials.open(data.root(), random);
      try (var postgres =
          LocalPostgres.start(ServerSettings.keptIn(data.resolve(Stack.POSTGRES_DIRECTORY)))) {
        set(postgres.port(), credentials, password);
      }
      credentials.forgetFirstAdminPassword();
    } catch (AlreadyRunningException e) {
      Path root = directory.toRealPath();
      set(
          e.running().orElseThrow(() -> e).postgresPort(),
          Credentials.open(root, random),
          password);
    }
    out.println("The user admin's new password: " + password);
  }

  private static void set(int port, Credentials credentials, String password) throws SQLException {
    String url =
        "jdbc:postgresql://127.0.0.1:%d/%s?currentSchema=cadastre".formatted(port, Stack.DATABASE);
    try (Connection connection =
        DriverManager.getConnection(url, MetadataDatabase.OWNER, credentials.database().owner())) {
      connection.setAutoCommit(false);
      String hash = new BCryptPasswordEncoder().encode(password);
      if (update(
              connection,
              "UPDATE account SET password_hash = ?, version = version + 1, updated_at = now()"
                  + " WHERE username = ?",
              hash,
              USER)
          == 0) {
        throw new IllegalArgumentException(
            "there is no user " + USER + " any more: an administrator can give others passwords");
      }
      update(connection, "DELETE FROM session WHERE username = ?", USER);
      update(
          connection,
          "INSERT INTO audit_log (at, actor, action, entity_type, entity_id)"
              + " VALUES (now(), 'system', 'password_reset', 'user', ?)",
          USER);
      connection.commit();
    }
  }

  private static int update(Connection connection, String sql, String... values)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int index = 0; index < values.length; index++) {
        statement.setString(index + 1, values[index]);
      }
      return statement.executeUpdate();
    }
  }
}
