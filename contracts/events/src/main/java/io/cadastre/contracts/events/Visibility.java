package io.cadastre.contracts.events;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the account is proven to see every database there is. */
public enum Visibility {
  @JsonProperty("complete")
  COMPLETE,
  /**
   * There may be databases it was not shown, so absence proves nothing. A reader takes a value
   * newer than itself for this one: then it deletes nothing.
   */
  @JsonEnumDefaultValue
  @JsonProperty("restricted")
  RESTRICTED
}
