package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.InstanceConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** Names what went wrong on one instance, from what its driver threw. */
final class Failures {

  private static final Set<Integer> MYSQL_AUTHENTICATION =
      Set.of(1045, 1130, 1251, 1396, 1524, 1698, 1820, 1862, 3118, 3955, 4151);
  private static final Set<Integer> MYSQL_PERMISSION =
      Set.of(1044, 1142, 1143, 1227, 1370, 1410, 3530);
  private static final Set<Integer> MYSQL_TIMEOUT = Set.of(1205, 1969, 3024);
  private static final Set<Integer> MYSQL_KILLED = Set.of(1053, 1077, 1079, 1927, 4031);
  private static final Set<Integer> MYSQL_BUSY = Set.of(1040, 1203, 1226, 1129);
  private static final int MYSQL_TLS_REQUIRED = 3159;
  private static final int MYSQL_NO_DATABASE = 1049;

  private final InstanceConnection instance;
  private final Scrubber scrubber;

  Failures(InstanceConnection instance, Scrubber scrubber) {
    this.instance = instance;
    this.scrubber = scrubber;
  }

  /** What {@code e} means while the connection is being made. */
  Failure whileConnecting(Exception e, @Nullable TlsUpgrade tls, boolean late, Duration limit) {
    if (late || find(e, SocketTimeoutException.class) != null) {
      return failure(
          FailureCode.TIMEOUT,
          "%s accepted the connection but no %s login followed within %d ms"
              .formatted(where(), protocol(), limit.toMillis()),
          true);
    }
    SSLException tlsError = find(e, SSLException.class);
    if (tlsError != null || find(e, CertificateException.class) != null) {
      return failure(
          FailureCode.TLS_FAILED, "TLS with %s failed: %s".formatted(where(), reason(e)), false);
    }
    if (!(e instanceof SQLException sql)) {
      return noSuchServer();
    }
    if (tls != null && !tls.started() && isOfDriver(sql) && find(e, IOException.class) == null) {
      return failure(
          FailureCode.TLS_FAILED,
          "%s offers no TLS, which mode %s needs".formatted(where(), modeName()),
          false);
    }
    if (isOfDriver(sql)) {
      return ofDriverWhileConnecting(sql);
    }
    return ofServer(sql);
  }

  private Failure ofDriverWhileConnecting(SQLException e) {
    if (find(e, EOFException.class) != null || find(e, IOException.class) != null) {
      return failure(
          FailureCode.CONNECTION_LOST,
          "%s closed the connection during the login".formatted(where()),
          true);
    }
    String state = String.valueOf(e.getSQLState());
    if (isImpossibleMethod(e)) {
      return noSuchServer();
    }
    if (state.equals("08004") || state.equals("S1009") || state.equals("S1010")) {
      return failure(
          FailureCode.AUTHENTICATION_FAILED,
          "no way to log in that the TLS mode %s allows: %s"
              .formatted(modeName(), scrubber.clean(e.getMessage())),
          false);
    }
    return noSuchServer();
  }

  /**
   * A MySQL greeting can look like PostgreSQL asking for an authentication of a very high number;
   * the real ones have two digits.
   */
  private static boolean isImpossibleMethod(SQLException e) {
    return e instanceof PSQLException
        && String.valueOf(e.getMessage()).chars().filter(Character::isDigit).count() > 2;
  }

  private Failure noSuchServer() {
    return failure(
        FailureCode.UNSUPPORTED_SERVER,
        "%s does not answer as a %s server".formatted(where(), protocol()),
        false);
  }

  Failure unsupported(EngineLogin.UnsupportedServerException e) {
    return failure(FailureCode.UNSUPPORTED_SERVER, String.valueOf(e.getMessage()), false);
  }

  /** What {@code e} means once the connection stands. */
  Failure atWork(SQLException e, boolean late, Duration sessionLimit, Duration readLimit) {
    if (late) {
      return failure(
          FailureCode.TIMEOUT,
          "the work on %s took longer than %d s".formatted(where(), sessionLimit.toSeconds()),
          true);
    }
    if (find(e, SocketTimeoutException.class) != null) {
      return failure(
          FailureCode.TIMEOUT,
          "%s gave no answer within %d s".formatted(where(), readLimit.toSeconds()),
          true);
    }
    if (isOfDriver(e) || find(e, IOException.class) != null) {
      return isConnection(e)
          ? failure(
              FailureCode.CONNECTION_LOST, "the connection to %s broke".formatted(where()), true)
          : failure(FailureCode.SERVER_ERROR, text(e), false);
    }
    return ofServer(e);
  }

  private static boolean isConnection(SQLException e) {
    String state = e.getSQLState();
    return find(e, IOException.class) != null || (state != null && state.startsWith("08"));
  }

  /** From the server's own error code, never from its text: that comes in many languages. */
  private Failure ofServer(SQLException e) {
    FailureCode code =
        instance.engine() == Engine.POSTGRESQL
            ? ofPostgresql(String.valueOf(e.getSQLState()))
            : ofMysql(e.getErrorCode());
    String message =
        switch (code) {
          case AUTHENTICATION_FAILED ->
              "%s refuses the login of \"%s\": %s".formatted(where(), instance.username(), text(e));
          case CONNECTION_LOST -> "%s ended the connection: %s".formatted(where(), text(e));
          case TIMEOUT -> "%s gave up a statement: %s".formatted(where(), text(e));
          default -> text(e);
        };
    boolean retryable =
        code == FailureCode.CONNECTION_LOST || code == FailureCode.TIMEOUT || isBusy(e);
    return failure(code, message, retryable);
  }

  private static FailureCode ofPostgresql(String state) {
    return switch (state) {
      case "28P01", "28000" -> FailureCode.AUTHENTICATION_FAILED;
      case "42501" -> FailureCode.PERMISSION_DENIED;
      case "3D000" -> FailureCode.DATABASE_GONE;
      case "57014", "25P03", "55P03" -> FailureCode.TIMEOUT;
      case "57P01", "57P02", "57P04", "57P05" -> FailureCode.CONNECTION_LOST;
      default -> state.startsWith("08") ? FailureCode.CONNECTION_LOST : FailureCode.SERVER_ERROR;
    };
  }

  private static FailureCode ofMysql(int code) {
    if (code == MYSQL_TLS_REQUIRED) {
      return FailureCode.TLS_FAILED;
    }
    if (code == MYSQL_NO_DATABASE) {
      return FailureCode.DATABASE_GONE;
    }
    if (MYSQL_AUTHENTICATION.contains(code)) {
      return FailureCode.AUTHENTICATION_FAILED;
    }
    if (MYSQL_PERMISSION.contains(code)) {
      return FailureCode.PERMISSION_DENIED;
    }
    if (MYSQL_TIMEOUT.contains(code)) {
      return FailureCode.TIMEOUT;
    }
    return MYSQL_KILLED.contains(code) ? FailureCode.CONNECTION_LOST : FailureCode.SERVER_ERROR;
  }

  /** Too many connections, or starting: the same request may pass later. */
  private static boolean isBusy(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("53") || state.equals("57P03") || MYSQL_BUSY.contains(e.getErrorCode());
  }

  /** Whether the driver threw it of its own accord rather than the server. */
  private static boolean isOfDriver(SQLException e) {
    if (e instanceof PSQLException postgresql) {
      return postgresql.getServerErrorMessage() == null;
    }
    // MariaDB's driver gives its own errors no number, or the one of the client's authentication.
    return e.getErrorCode() <= 0 || (e.getErrorCode() == 1251 && "08004".equals(e.getSQLState()));
  }

  private String text(SQLException e) {
    String message = e.getMessage();
    if (e instanceof PSQLException postgresql && postgresql.getServerErrorMessage() != null) {
      message = postgresql.getServerErrorMessage().getMessage();
    }
    String plain = message == null ? null : message.replaceFirst("^\\(conn=\\d+\\) ", "");
    return scrubber.clean(plain);
  }

  /** The innermost reason says what is wrong with a certificate; the outer ones wrap it. */
  private String reason(Throwable e) {
    Throwable innermost = e;
    while (innermost.getCause() != null && innermost.getCause() != innermost) {
      innermost = innermost.getCause();
    }
    return scrubber.clean(innermost.getMessage());
  }

  private String where() {
    return instance.host() + ":" + instance.port();
  }

  private String protocol() {
    return switch (instance.engine()) {
      case MYSQL -> "MySQL";
      case POSTGRESQL -> "PostgreSQL";
    };
  }

  private String modeName() {
    return switch (instance.tlsMode()) {
      case DISABLED -> "disabled";
      case REQUIRED -> "required";
      case VERIFY_CA -> "verify-ca";
      case VERIFY_FULL -> "verify-full";
    };
  }

  private Failure failure(FailureCode code, String message, boolean retryable) {
    return new Failure(code, scrubber.clean(message), retryable);
  }

  private static <T extends Throwable> @Nullable T find(Throwable e, Class<T> type) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
      if (each.getCause() == each) {
        return null;
      }
    }
    return null;
  }
}
