package io.cadastre.gateway.instance;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
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
          "fd00:ec2:0:0:0:0:0:254",
          "fd20:ce:0:0:0:0:0:254",
          "fd00:42:0:0:0:0:0:42");

  /** The prefixes after which an IPv4 address follows: ::/96, 64:ff9b::/96 and 2002::/16. */
  private static final List<String> TUNNELS =
      List.of("0".repeat(24), "0064ff9b" + "0".repeat(16), "2002");

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
            || METADATA.contains(address.getHostAddress());
    return never
        ? Optional.of("no unspecified, link-local, multicast, reserved or metadata address")
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
    String hex = HexFormat.of().formatHex(address.getAddress());
    Stream<InetAddress> carried =
        TUNNELS.stream()
            .filter(hex::startsWith)
            .map(prefix -> v4(address.getAddress(), prefix.length() / 2));
    return Stream.concat(Stream.of(address), carried);
  }

  private static InetAddress v4(byte[] address, int offset) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address, offset, offset + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
