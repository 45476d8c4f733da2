package io.cadastre.instanceaccess;

import org.jspecify.annotations.Nullable;

/** Makes a foreign text fit for a failure's message: one line, not long, without the password. */
final class Scrubber {

  private static final int MAX_LENGTH = 300;

  private final @Nullable String secret;

  Scrubber(@Nullable String secret) {
    this.secret = secret == null || secret.isEmpty() ? null : secret;
  }

  String clean(@Nullable String text) {
    if (text == null) {
      return "no reason given";
    }
    String safe = secret == null ? text : text.replace(secret, "…");
    String line = safe.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    if (line.codePointCount(0, line.length()) <= MAX_LENGTH) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, MAX_LENGTH)) + "…";
  }

  @Override
  public String toString() {
    return "Scrubber[…]";
  }
}
