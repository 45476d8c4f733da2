package io.cadastre.contracts.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the account is proven to see every database there is. */
public enum Visibility {
  @JsonProperty("complete")
  COMPLETE,
  /** There may be databases it was not shown, so absence proves nothing. */
  @JsonProperty("restricted")
  RESTRICTED
}
