package io.cadastre.gateway.schedule;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What started a run. */
enum Trigger {
  SCHEDULE,
  MANUAL;

  @JsonValue
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Trigger ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
