package io.cadastre.gateway.access;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a user or token may do; each role may also do what those before it may. */
public enum Role {
  /** Reads. */
  @JsonProperty("viewer")
  VIEWER,
  /** Also registers and edits instances, starts work on them, decides held scans. */
  @JsonProperty("operator")
  OPERATOR,
  /** Also manages users, schedules, tokens of others; reads the audit log. */
  @JsonProperty("admin")
  ADMIN;

  /** Whether whoever has this role may do what needs {@code required}. */
  public boolean includes(Role required) {
    return compareTo(required) >= 0;
  }

  /** As the API and the database write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of this word, as {@link #word} writes it. */
  public static Role of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** The one of the two that may do less. */
  public static Role lesser(Role one, Role other) {
    return one.includes(other) ? other : one;
  }

  /** The words of this role and those it includes. */
  public List<String> included() {
    return Arrays.stream(values()).filter(this::includes).map(Role::word).toList();
  }
}
