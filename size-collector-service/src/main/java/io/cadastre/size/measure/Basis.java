package io.cadastre.size.measure;

import io.cadastre.contracts.events.SizeMethod;
import org.jspecify.annotations.Nullable;

/**
 * Where the sizes of one measurement come from.
 *
 * @param shortfall why they are an estimate; absent where they are not
 */
record Basis(SizeMethod method, @Nullable String shortfall) {

  boolean isEstimate() {
    return shortfall != null;
  }
}
