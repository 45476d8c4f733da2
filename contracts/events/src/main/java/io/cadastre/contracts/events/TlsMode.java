package io.cadastre.contracts.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far the server's identity is checked; the names are libpq's. */
public enum TlsMode {
  @JsonProperty("disabled")
  DISABLED,
  /** Encrypted, the certificate is not checked. */
  @JsonProperty("required")
  REQUIRED,
  /** The certificate must be signed by a trusted authority. */
  @JsonProperty("verify-ca")
  VERIFY_CA,
  /** As {@link #VERIFY_CA}, and the certificate must name the host. */
  @JsonProperty("verify-full")
  VERIFY_FULL
}
