package io.cadastre.instanceaccess.privilege;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MysqlPrivilegesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION",
        "GRANT SHOW DATABASES ON *.* TO 'a'@'%' IDENTIFIED BY PASSWORD '*7B9E'",
        "GRANT PROCESS, SELECT ON *.* TO `a`@`%`",
        "GRANT SHOW DATABASES ON *.* TO `a_role`"
      })
  void aGlobalPrivilegeOnDatabasesProvesThatAllAreSeen(String grant) {
    assertThat(MysqlPrivileges.parse(List.of(grant)).seesEveryDatabase()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRANT USAGE ON *.* TO `a`@`%`",
        "GRANT PROCESS, RELOAD, REPLICATION CLIENT ON *.* TO `a`@`%`",
        "GRANT ALL PRIVILEGES ON `shop`.* TO `a`@`%`",
        "GRANT INSERT, SELECT ON `x ON *.* TO `.* TO `a`@`%`",
        "GRANT PROXY ON ``@`` TO `root`@`localhost` WITH GRANT OPTION",
        "GRANT `SHOW DATABASES`@`%` TO `a`@`%`",
        "SET DEFAULT ROLE `r2` FOR `u4`@`%`"
      })
  void anythingLessDoesNot(String grant) {
    assertThat(MysqlPrivileges.parse(List.of(grant)).seesEveryDatabase()).isFalse();
  }

  @Test
  void aRevokeForOneDatabaseTakesTheProofAway() {
    MysqlPrivileges privileges =
        MysqlPrivileges.parse(
            List.of(
                "GRANT SELECT, PROCESS ON *.* TO `a`@`%`",
                "REVOKE SELECT ON `secret`.* FROM `a`@`%`"));

    assertThat(privileges.seesEveryDatabase()).isFalse();
    assertThat(privileges.hasAnyOf("PROCESS")).isTrue();
  }
}
