package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.ServerInfo;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What differs between the engines while a connection is made. */
sealed interface EngineLogin permits MysqlLogin, PostgresqlLogin {

  /**
   * One login.
   *
   * @param address checked; the driver gets it as text and a connected socket to it
   */
  record Request(
      InstanceConnection instance,
      @Nullable String password,
      InetSocketAddress address,
      String database,
      Duration timeout) {

    String host() {
      return address.getAddress().getHostAddress();
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Request[instance " + instance.instanceId() + "]";
    }
  }

  /** The databases to connect to, tried in turn while the server says there is none such. */
  List<String> databases();

  /** Logs in over the socket of the {@link Handover} at hand. */
  Connection logIn(Request request) throws SQLException;

  /**
   * Sees who answers, makes the session safe to work in, and the server give up statements nobody
   * waits for.
   *
   * @throws UnsupportedServerException where it is too old or another product
   */
  ServerInfo greet(Connection connection, Duration statementLimit)
      throws SQLException, UnsupportedServerException;

  /** A server this version does not work with. */
  final class UnsupportedServerException extends Exception {

    UnsupportedServerException(String message) {
      super(message);
    }
  }

  /** The columns of the first row, none of which may be NULL. */
  static List<String> queryRow(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new SQLException("no answer to: " + sql);
      }
      List<String> row = new ArrayList<>();
      for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
        String value = rows.getString(column);
        if (value == null) {
          throw new SQLException("NULL in the answer to: " + sql);
        }
        row.add(value);
      }
      return row;
    }
  }
}
