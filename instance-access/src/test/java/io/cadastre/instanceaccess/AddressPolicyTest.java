package io.cadastre.instanceaccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

  private final AddressPolicy standard = AddressPolicy.standard();
  private final AddressPolicy everything =
      new AddressPolicy(List.of(Network.of("0.0.0.0/0"), Network.of("::/0")), List.of(), true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.1.2.3",
        "192.168.0.1",
        "8.8.8.8",
        "fd12:3456::1",
        "2001:db8::1",
        "2002:a00:1::"
      })
  void anInstanceMayBeInsideOrOutside(String address) {
    assertThat(standard.denial(InetAddress.ofLiteral(address))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
        // the same seen through IPv6
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::169.254.169.254",
        "2002:a9fe:a9fe::1"
      })
  void noSettingOpensWhatNeverHoldsAnInstance(String address) {
    assertThat(everything.denial(InetAddress.ofLiteral(address))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.10",
        "::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1"
      })
  void thisMachineIsDeniedUnlessAllowed(String address) {
    assertThat(standard.denial(InetAddress.ofLiteral(address))).isPresent();
    assertThat(everything.denial(InetAddress.ofLiteral("127.0.0.1"))).isEmpty();
    assertThat(everything.denial(InetAddress.ofLiteral("::1"))).isEmpty();
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
