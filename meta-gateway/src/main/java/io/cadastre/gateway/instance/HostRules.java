package io.cadastre.gateway.instance;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What may stand as an instance's host. A name is only read, not looked up: the workers do that,
 * and check every address they find. An address that they would refuse is refused here already.
 *
 * @param loopbackAllowed whether this machine itself may hold an instance
 */
record HostRules(boolean loopbackAllowed) {

  private static final int LENGTH_MAX = 253;
  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*");

  /** The forms in which some resolvers read an address: 127.1, 0x7f.1, 2130706433. */
  private static final Pattern ENDS_AS_A_NUMBER =
      Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");

  private static final Pattern FOUR_PARTS =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");

  /** A host as it is kept, or why it cannot be one. */
  sealed interface Outcome {

    record Host(String canonical) implements Outcome {}

    record Refused(String allowed) implements Outcome {}
  }

  Outcome read(String given) {
    String host = given.strip().toLowerCase(Locale.ROOT);
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    if (host.indexOf(':') >= 0 || FOUR_PARTS.matcher(host).matches()) {
      return literal(host)
          .<Outcome>map(address ->
              DeniedAddresses.whyNot(address, loopbackAllowed)
                  .<Outcome>map(Outcome.Refused::new)
                  .orElseGet(() -> new Outcome.Host(address.getHostAddress())))
          .orElseGet(() ->
              new Outcome.Refused("an IPv4 address as 10.1.2.3 or an IPv6 address as fd12::3"));
    }
    boolean name =
        host.length() <= LENGTH_MAX
            && NAME.matcher(host).matches()
            && !ENDS_AS_A_NUMBER.matcher(host).matches();
    if (!name) {
      return new Outcome.Refused(
          "a host name in ASCII or an IP address, without a port or a scheme");
    }
    if (!loopbackAllowed && (host.equals("localhost") || host.endsWith(".localhost"))) {
      return new Outcome.Refused("not the worker's own machine");
    }
    return new Outcome.Host(host);
  }

  private static Optional<InetAddress> literal(String host) {
    try {
      return host.indexOf('%') >= 0 || host.indexOf('[') >= 0
          ? Optional.empty()
          : Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
