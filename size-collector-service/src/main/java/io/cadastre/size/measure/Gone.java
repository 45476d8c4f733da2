package io.cadastre.size.measure;

import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;

/** Said of a database that was listed and could not be found any more. */
final class Gone {

  static final Failure FAILURE =
      new Failure(
          FailureCode.DATABASE_GONE, "dropped between being listed and being measured", false);

  private Gone() {}
}
