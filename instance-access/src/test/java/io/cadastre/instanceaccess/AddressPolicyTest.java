package io.cadastre.instanceaccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

  private final AddressPolicy standard = AddressPolicy.standard();
  private final AddressPolicy everything =
      new AddressPolicy(List.of(Network.of("0.0.0.0/0"), Network.of("::/0")), List.of(), true);

  /** The gateway's {@code HostRules} are tested against the same table. */
  @ParameterizedTest
  @CsvFileSource(
      resources = "/addresses.csv",
      useHeadersInDisplayName = true,
      commentCharacter = '#')
  void anAddressIsJudgedAsTheGatewayJudgesIt(String given, String verdict) {
    InetAddress address = InetAddress.ofLiteral(given);
    assertThat(standard.denial(address).isEmpty()).isEqualTo(verdict.equals("open"));
    assertThat(everything.denial(address).isEmpty()).isEqualTo(!verdict.equals("never"));
  }

  @Test
  void deniedNetworksWinOverAllowedOnes() {
    AddressPolicy policy =
        new AddressPolicy(
            List.of(Network.of("10.0.0.0/8")), List.of(Network.of("10.96.0.0/12")), false);

    assertThat(policy.denial(InetAddress.ofLiteral("10.1.1.1"))).isEmpty();
    assertThat(policy.denial(InetAddress.ofLiteral("10.100.1.1")))
        .hasValue("10.100.1.1 is in the denied network 10.96.0.0/12");
    assertThat(policy.denial(InetAddress.ofLiteral("192.168.1.1")))
        .hasValue("192.168.1.1 is in none of the allowed networks");
    assertThat(policy.denial(InetAddress.ofLiteral("::ffff:10.100.1.1"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "example.com/8",
        "10.0.0/8",
        "::/129"
      })
  void aMalformedNetworkIsNamed(String cidr) {
    assertThatThrownBy(() -> Network.of(cidr))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("network: " + cidr + " (allowed: ");
  }

  @Test
  void aPrefixThatIsNotWholeBytesCountsToTheBit() {
    Network network = Network.of("10.96.0.0/12");

    assertThat(network.contains(InetAddress.ofLiteral("10.111.255.255"))).isTrue();
    assertThat(network.contains(InetAddress.ofLiteral("10.112.0.0"))).isFalse();
    assertThat(network.contains(InetAddress.ofLiteral("::ffff:0:1"))).isFalse();
  }
}
