package io.cadastre.gateway.access;

import com.fasterxml.jackson.annotation.JsonProperty;

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
}
