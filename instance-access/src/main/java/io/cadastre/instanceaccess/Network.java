package io.cadastre.instanceaccess;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A range of addresses in CIDR notation, for example {@code 10.0.0.0/8} or {@code fd00::/8}. */
public final class Network {

  private final byte[] prefix;
  private final int bits;

  private Network(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * Reads {@code address/bits}, or a lone address.
   *
   * @throws IllegalArgumentException naming what is wrong and what is allowed
   */
  public static Network of(String cidr) {
    int slash = cidr.indexOf('/');
    String address = slash < 0 ? cidr : cidr.substring(0, slash);
    byte[] prefix = literal(address, cidr);
    int length = prefix.length * 8;
    int bits = slash < 0 ? length : bits(cidr.substring(slash + 1), length, cidr);
    return new Network(prefix, bits);
  }

  private static byte[] literal(String address, String cidr) {
    // Four parts or none: "10.1" would be read as 10.0.0.1.
    if (address.indexOf(':') < 0 && !address.matches("\\d+\\.\\d+\\.\\d+\\.\\d+")) {
      throw malformed(cidr, null);
    }
    try {
      return InetAddress.ofLiteral(address).getAddress();
    } catch (IllegalArgumentException e) {
      throw malformed(cidr, e);
    }
  }

  private static int bits(String text, int length, String cidr) {
    int bits;
    try {
      bits = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw malformed(cidr, e);
    }
    if (bits < 0 || bits > length) {
      throw malformed(cidr, null);
    }
    return bits;
  }

  private static IllegalArgumentException malformed(String cidr, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "network: "
            + cidr
            + " (allowed: an address with a prefix length, as 10.0.0.0/8 or fd00::/8)",
        cause);
  }

  boolean contains(InetAddress address) {
    byte[] candidate = address.getAddress();
    if (candidate.length != prefix.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(candidate, 0, whole, prefix, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    int mask = rest == 0 ? 0 : (0xFF << (8 - rest)) & 0xFF;
    return rest == 0 || (candidate[whole] & mask) == (prefix[whole] & mask);
  }

  @Override
  public String toString() {
    try {
      String address = InetAddress.getByAddress(prefix).getHostAddress();
      return address + "/" + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
