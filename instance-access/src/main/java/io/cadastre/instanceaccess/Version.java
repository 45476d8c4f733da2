package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.instanceaccess.EngineLogin.UnsupportedServerException;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of a server's version that decides whether it is new enough. */
record Version(int major, int minor) implements Comparable<Version> {

  private static final Pattern LEADING = Pattern.compile("^(\\d{1,6})(?:\\.(\\d{1,6}))?");

  void require(ServerInfo server) throws UnsupportedServerException {
    Matcher matcher = LEADING.matcher(server.version());
    if (!matcher.find()) {
      throw new UnsupportedServerException(
          "%s says its version is \"%s\"".formatted(server.product(), server.version()));
    }
    String minorText = matcher.group(2);
    Version found =
        new Version(
            Integer.parseInt(matcher.group(1)),
            minorText == null ? 0 : Integer.parseInt(minorText));
    if (found.compareTo(this) < 0) {
      throw new UnsupportedServerException(
          "%s %s is too old (allowed: %s and newer)"
              .formatted(server.product(), server.version(), minor == 0 ? major : this));
    }
  }

  @Override
  public int compareTo(Version other) {
    return Comparator.comparingInt(Version::major)
        .thenComparingInt(Version::minor)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
