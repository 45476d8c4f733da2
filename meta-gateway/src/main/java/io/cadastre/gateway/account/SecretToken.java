package io.cadastre.gateway.account;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A random word that stands for someone: a session's cookie or a bearer token. */
record SecretToken(String value) {

  private static final int BYTES = 32;

  /** 256 random bits after the prefix. */
  static SecretToken random(String prefix, RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new SecretToken(prefix + base64(bytes));
  }

  /**
   * What the database keeps. A fast hash will do: unlike a password this cannot be guessed, and
   * looking it up must not cost much.
   */
  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(utf8(value));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The CSRF token of this session: needs no storage, and whoever knows it cannot go back. */
  String csrfToken() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(utf8(value), "HmacSHA256"));
      return base64(mac.doFinal(utf8("cadastre csrf token")));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Shows nothing of it. */
  @Override
  public String toString() {
    return "SecretToken[…]";
  }
}
