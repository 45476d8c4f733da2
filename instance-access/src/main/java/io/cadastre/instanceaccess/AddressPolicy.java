package io.cadastre.instanceaccess;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a worker may connect to. An instance's host comes from users, and a worker stands where
 * they do not.
 *
 * @param allowed if not empty, nothing outside these networks
 * @param denied nothing inside these networks, whatever {@code allowed} says
 * @param loopbackAllowed whether this machine itself may hold an instance
 */
public record AddressPolicy(List<Network> allowed, List<Network> denied, boolean loopbackAllowed) {

  /** What no setting opens: no instance can be there, but something that trusts callers may. */
  private static final List<Network> NEVER =
      Stream.of(
              // "this network": the kernel takes it for the machine itself
              "0.0.0.0/8",
              "::/128",
              // link-local, with the metadata service of most clouds
              "169.254.0.0/16",
              "fe80::/10",
              // metadata services elsewhere: all of Amazon's, Google, Scaleway and Oracle over
              // IPv6, Alibaba, Azure's host, Oracle
              "fd00:ec2::/32",
              "fd20:ce::254",
              "fd00:42::42",
              "fd00:c1::a9fe:a9fe",
              "100.100.100.200",
              "168.63.129.16",
              "192.0.0.192",
              // Teredo: leads to a machine behind somebody's NAT
              "2001::/32",
              // multicast, reserved, broadcast
              "224.0.0.0/4",
              "240.0.0.0/4",
              "ff00::/8")
          .map(Network::of)
          .toList();

  /**
   * NAT64 of one's own network. It has two places for an IPv4 address, one of them empty: zeros,
   * which no translator sends to.
   */
  private static final Network LOCAL_NAT64 = Network.of("64:ff9b:1::/48");

  /** Addresses that carry an IPv4 address: compatible, translated, NAT64, 6to4. */
  private static final List<Tunnel> TUNNELS =
      List.of(
          new Tunnel(Network.of("::/96"), List.of(12, 13, 14, 15)),
          new Tunnel(Network.of("::ffff:0:0:0/96"), List.of(12, 13, 14, 15)),
          new Tunnel(Network.of("64:ff9b::/96"), List.of(12, 13, 14, 15)),
          new Tunnel(LOCAL_NAT64, List.of(12, 13, 14, 15)),
          new Tunnel(LOCAL_NAT64, List.of(6, 7, 9, 10)),
          new Tunnel(Network.of("2002::/16"), List.of(2, 3, 4, 5)));

  /**
   * A prefix that says that an IPv4 address follows.
   *
   * @param places of its bytes
   */
  private record Tunnel(Network prefix, List<Integer> places) {

    InetAddress carriedBy(InetAddress address) {
      byte[] outer = address.getAddress();
      byte[] inner = new byte[4];
      for (int i = 0; i < inner.length; i++) {
        inner[i] = outer[places.get(i)];
      }
      try {
        return InetAddress.getByAddress(inner);
      } catch (UnknownHostException e) {
        throw new IllegalStateException("four bytes are an address", e);
      }
    }
  }

  public AddressPolicy {
    allowed = List.copyOf(allowed);
    denied = List.copyOf(denied);
  }

  /** Any address but this machine and {@link #NEVER}. */
  public static AddressPolicy standard() {
    return new AddressPolicy(List.of(), List.of(), false);
  }

  /** Why nobody may connect there; empty where one may. */
  Optional<String> denial(InetAddress address) {
    return withCarried(address).flatMap(each -> denialOf(each).stream()).findFirst();
  }

  private Optional<String> denialOf(InetAddress address) {
    String text = address.getHostAddress();
    if (address.isLoopbackAddress()) {
      return loopbackAllowed
          ? Optional.empty()
          : Optional.of(text + " is the worker's own machine");
    }
    Optional<Network> forbidden =
        Stream.concat(NEVER.stream(), denied.stream())
            .filter(network -> network.contains(address))
            .findFirst();
    if (forbidden.isPresent()) {
      return Optional.of(text + " is in the denied network " + forbidden.get());
    }
    if (!allowed.isEmpty() && allowed.stream().noneMatch(network -> network.contains(address))) {
      return Optional.of(text + " is in none of the allowed networks");
    }
    return Optional.empty();
  }

  /**
   * The address, and the IPv4 address inside it where it has one. {@code ::ffff:a.b.c.d} needs no
   * care: Java makes an IPv4 address of it.
   */
  private static Stream<InetAddress> withCarried(InetAddress address) {
    if (address instanceof Inet4Address || address.isLoopbackAddress() || isUnspecified(address)) {
      return Stream.of(address);
    }
    Stream<InetAddress> carried =
        TUNNELS.stream()
            .filter(tunnel -> tunnel.prefix().contains(address))
            .map(tunnel -> tunnel.carriedBy(address))
            .filter(inner -> !(LOCAL_NAT64.contains(address) && inner.getAddress()[0] == 0));
    return Stream.concat(Stream.of(address), carried);
  }

  private static boolean isUnspecified(InetAddress address) {
    return address instanceof Inet6Address && address.isAnyLocalAddress();
  }
}
