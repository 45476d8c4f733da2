package io.cadastre.gateway.operation;

import java.util.Locale;

/** What a scan looks at. */
public enum ScanKind {
  DATABASES,
  SIZES,
  CONNECTION;

  /** As the database and the log name it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ScanKind ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
