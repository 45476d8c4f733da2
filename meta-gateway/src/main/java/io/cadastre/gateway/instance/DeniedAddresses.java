package io.cadastre.gateway.instance;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where no setting of the workers lets them connect to. They judge by their own policy, on the
 * address they connect to; this tells the user of it at once.
 */
final class DeniedAddresses {

  private static final String OWN_MACHINE = "not the worker's own machine";

  /** Metadata services of clouds outside the link-local network. */
  private static final Set<String> METADATA =
      Set.of(
          "100.100.100.200",
          "168.63.129.16",
          "192.0.0.192",
          "fd20:ce:0:0:0:0:0:254",
          "fd00:42:0:0:0:0:0:42",
          "fd00:c1:0:0:0:0:a9fe:a9fe");

  /** Amazon's own services, and Teredo, in hexadecimal. */
  private static final List<String> CLOSED = List.of("fd000ec2", "20010000");

  /**
   * NAT64 of one's own network. It has two places for an IPv4 address, one of them empty: zeros,
   * which no translator sends to.
   */
  private static final String LOCAL_NAT64 = "0064ff9b0001";

  /** Prefixes that say that an IPv4 address follows, in hexadecimal, and its digits. */
  private static final List<Tunnel> TUNNELS =
      List.of(
          new Tunnel("0".repeat(24), 24, 28),
          new Tunnel("0".repeat(16) + "ffff0000", 24, 28),
          new Tunnel("0064ff9b" + "0".repeat(16), 24, 28),
          new Tunnel(LOCAL_NAT64, 24, 28),
          // NAT64 leaves out the byte between.
          new Tunnel(LOCAL_NAT64, 12, 18),
          new Tunnel("2002", 4, 8));

  private record Tunnel(String prefix, int firstHalf, int secondHalf) {

    InetAddress carriedBy(String hex) {
      String digits =
          hex.substring(firstHalf, firstHalf + 4) + hex.substring(secondHalf, secondHalf + 4);
      try {
        return InetAddress.getByAddress(HexFormat.of().parseHex(digits));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("four bytes are an address", e);
      }
    }
  }

  private DeniedAddresses() {}

  /** What would be right in place of this address; empty where it may stand. */
  static Optional<String> whyNot(InetAddress address, boolean loopbackAllowed) {
    return withCarried(address)
        .flatMap(each -> whyNotItself(each, loopbackAllowed).stream())
        .findFirst();
  }

  private static Optional<String> whyNotItself(InetAddress address, boolean loopbackAllowed) {
    if (address.isLoopbackAddress()) {
      return loopbackAllowed ? Optional.empty() : Optional.of(OWN_MACHINE);
    }
    boolean never =
        address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isMulticastAddress()
            || isReserved(address)
            || CLOSED.stream().anyMatch(hex(address)::startsWith)
            || METADATA.contains(address.getHostAddress());
    return never
        ? Optional.of("no unspecified, link-local, multicast, reserved, Teredo or metadata address")
        : Optional.empty();
  }

  private static boolean isReserved(InetAddress address) {
    int first = Byte.toUnsignedInt(address.getAddress()[0]);
    return address instanceof Inet4Address && (first == 0 || first >= 240);
  }

  /** The address, and the IPv4 address inside it where a tunnel would go there. */
  private static Stream<InetAddress> withCarried(InetAddress address) {
    if (address instanceof Inet4Address
        || address.isLoopbackAddress()
        || address.isAnyLocalAddress()) {
      return Stream.of(address);
    }
    String hex = hex(address);
    Stream<InetAddress> carried =
        TUNNELS.stream()
            .filter(tunnel -> hex.startsWith(tunnel.prefix()))
            .map(tunnel -> tunnel.carriedBy(hex))
            .filter(inner -> !(hex.startsWith(LOCAL_NAT64) && inner.getAddress()[0] == 0));
    return Stream.concat(Stream.of(address), carried);
  }

  private static String hex(InetAddress address) {
    return HexFormat.of().formatHex(address.getAddress());
  }
}
