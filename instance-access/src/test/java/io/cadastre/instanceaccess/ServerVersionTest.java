package io.cadastre.instanceaccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.instanceaccess.EngineLogin.UnsupportedServerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionTest {

  @ParameterizedTest
  @CsvSource({
    "5.7.44-log, MySQL Community Server (GPL), MySQL",
    "8.0.36-28, 'Percona Server (GPL), Release 28', MySQL",
    "10.6.0-MariaDB, MariaDB Server, MariaDB",
    "11.4.5-MariaDB-ubu2404-log, mariadb.org binary distribution, MariaDB",
  })
  void mysqlAndMariaDbAreToldApart(String version, String comment, String product)
      throws UnsupportedServerException {
    assertThat(MysqlLogin.identify(version, comment)).isEqualTo(new ServerInfo(product, version));
  }

  @ParameterizedTest
  @CsvSource({
    "5.6.51, MySQL Community Server, 'MySQL 5.6.51 is too old (allowed: 5.7 and newer)'",
    "10.5.23-MariaDB, MariaDB Server, 'MariaDB 10.5.23-MariaDB is too old (allowed: 10.6 and newer)'",
    "5.7.25-TiDB-v7.5.0, TiDB Server, 'neither MySQL nor MariaDB'",
    "soon, MySQL, 'MySQL says its version is \"soon\"'",
  })
  void otherServersOfTheProtocolAreUnsupported(String version, String comment, String message) {
    assertThatThrownBy(() -> MysqlLogin.identify(version, comment))
        .isInstanceOf(UnsupportedServerException.class)
        .hasMessageContaining(message);
  }

  @Test
  void postgresqlMustBe13OrNewerAndPostgresql() throws UnsupportedServerException {
    assertThat(PostgresqlLogin.identify("PostgreSQL 18.1 on x86_64", "18.1 (Debian 18.1-1)"))
        .isEqualTo(new ServerInfo("PostgreSQL", "18.1 (Debian 18.1-1)"));
    assertThatThrownBy(() -> PostgresqlLogin.identify("PostgreSQL 12.22 on x86_64", "12.22"))
        .hasMessage("PostgreSQL 12.22 is too old (allowed: 13 and newer)");
    assertThatThrownBy(() -> PostgresqlLogin.identify("CockroachDB CCL v23.1", "13.0.0"))
        .hasMessageContaining("which is not PostgreSQL");
  }
}
