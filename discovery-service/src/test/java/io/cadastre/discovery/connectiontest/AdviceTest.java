package io.cadastre.discovery.connectiontest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.instanceaccess.privilege.MysqlPrivileges;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdviceTest {

  @Test
  void anAccountWithAllItNeedsGetsNone() {
    assertThat(
            Advice.forMysql(
                new MysqlPrivileges(Set.of("SHOW DATABASES", "PROCESS", "SELECT"), false)))
        .isEmpty();
    assertThat(Advice.forMysql(new MysqlPrivileges(Set.of("ALL PRIVILEGES"), false))).isEmpty();
  }

  @Test
  void anAccountWithoutPrivilegesLearnsWhatToGrantAndWhatFor() {
    assertThat(Advice.forMysql(new MysqlPrivileges(Set.of("USAGE"), false)))
        .satisfiesExactly(
            discovery -> assertThat(discovery).startsWith("Discovery: ").contains("SHOW DATABASES"),
            sizes -> assertThat(sizes).startsWith("Sizes: ").contains("Grant PROCESS"),
            tables -> assertThat(tables).startsWith("Sizes: ").contains("Grant SELECT"));
  }

  @Test
  void partialRevokesAreNamed() {
    assertThat(Advice.forMysql(new MysqlPrivileges(Set.of("SELECT", "PROCESS"), true)))
        .hasSize(2)
        .first()
        .asString()
        .contains("revoked for single databases");
  }
}
