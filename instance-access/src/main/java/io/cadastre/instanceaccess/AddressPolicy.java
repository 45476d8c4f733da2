package io.cadastre.instanceaccess;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
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
              // metadata services elsewhere: Amazon, Google and Scaleway over IPv6, Alibaba,
              // Azure's host, Oracle
              "fd00:ec2::254",
              "fd20:ce::254",
              "fd00:42::42",
              "100.100.100.200",
              "168.63.129.16",
              "192.0.0.192",
              // multicast, reserved, broadcast
              "224.0.0.0/4",
              "240.0.0.0/4",
              "ff00::/8")
          .map(Network::of)
          .toList();

  /** Addresses that carry an IPv4 address, with the place of its first byte. */
  private static final List<Tunnel> TUNNELS =
      List.of(
          new Tunnel(Network.of("::/96"), 12),
          new Tunnel(Network.of("64:ff9b::/96"), 12),
          new Tunnel(Network.of("2002::/16"), 2));

  private record Tunnel(Network prefix, int offset) {}

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
            .map(tunnel -> v4(address.getAddress(), tunnel.offset()));
    return Stream.concat(Stream.of(address), carried);
  }

  private static boolean isUnspecified(InetAddress address) {
    return address instanceof Inet6Address && address.isAnyLocalAddress();
  }

  private static InetAddress v4(byte[] address, int offset) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address, offset, offset + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
