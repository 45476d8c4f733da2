package io.cadastre.gateway.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.instance.HostRules.Outcome.Host;
import io.cadastre.gateway.instance.HostRules.Outcome.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRulesTest {

  private final HostRules rules = new HostRules(false);
  private final HostRules withLoopback = new HostRules(true);

  @ParameterizedTest
  @CsvSource({
    "db1.example.internal, db1.example.internal",
    "DB1.Example.Internal., db1.example.internal",
    "my_db-3, my_db-3",
    "10.1.2.3, 10.1.2.3",
    "fd12:3456::1, fd12:3456:0:0:0:0:0:1",
    "::ffff:10.1.2.3, 10.1.2.3",
    "64:ff9b::10.1.2.3, 64:ff9b:0:0:0:0:a01:203",
    "2002:a01:203::1, 2002:a01:203:0:0:0:0:1"
  })
  void aHostIsKeptInOneForm(String given, String kept) {
    assertThat(rules.read(given)).isEqualTo(new Host(kept));
  }

  /** The workers' address policy is tested against the same table. */
  @ParameterizedTest
  @CsvFileSource(
      files = "../instance-access/src/test/resources/addresses.csv",
      useHeadersInDisplayName = true,
      commentCharacter = '#')
  void anAddressIsJudgedAsTheWorkersJudgeIt(String address, String verdict) {
    assertThat(rules.read(address) instanceof Host).isEqualTo(verdict.equals("open"));
    assertThat(withLoopback.read(address) instanceof Host).isEqualTo(!verdict.equals("never"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1.",
        "::1",
        "2002:7f00:1::",
        "localhost",
        "LOCALHOST.",
        "db.localhost"
      })
  void theWorkersOwnMachineIsRefusedUnlessAllowed(String host) {
    assertThat(rules.read(host)).isEqualTo(new Refused("not the worker's own machine"));
  }

  @Test
  void theWorkersOwnMachineMayBeAllowed() {
    assertThat(withLoopback.read("127.0.0.1")).isEqualTo(new Host("127.0.0.1"));
    assertThat(withLoopback.read("localhost.")).isEqualTo(new Host("localhost"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "10.1.2.256",
        "[::1]",
        "fe80::1%eth0",
        "db1:5432",
        "http://db1",
        "a..b",
        "-a",
        "bücher.example"
      })
  void whatIsNoNameAndNoAddressIsRefused(String host) {
    assertThat(withLoopback.read(host)).as(host).isInstanceOf(Refused.class);
  }
}
