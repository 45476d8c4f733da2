package io.cadastre.gateway.listen;

import java.util.Locale;

/** The channels of {@code pg_notify} that every gateway listens to. */
public enum Channel {
  /** A message was put into the outbox; the payload is empty. */
  OUTBOX,
  /** Something changed that a page may show; the payload is a JSON object that names it. */
  LIVE;

  /** As SQL names it. */
  public String sqlName() {
    return "cadastre_" + name().toLowerCase(Locale.ROOT);
  }

  static Channel ofSqlName(String sqlName) {
    for (Channel channel : values()) {
      if (channel.sqlName().equals(sqlName)) {
        return channel;
      }
    }
    throw new IllegalArgumentException("channel: " + sqlName + " (nobody listens to it)");
  }
}
