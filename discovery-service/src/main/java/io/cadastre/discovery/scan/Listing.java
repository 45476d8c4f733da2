package io.cadastre.discovery.scan;

import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.contracts.events.Visibility;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The databases a server lists.
 *
 * @param visibilityReason what is missing, where the visibility is restricted
 */
record Listing(
    List<DatabaseEntry> databases, Visibility visibility, @Nullable String visibilityReason) {

  /** Beyond this the server is not taken at its word: the worker's memory is limited. */
  static final int MAX_DATABASES = 500_000;

  /** Rows per round trip, so that the driver never holds a whole listing. */
  static final int FETCH_ROWS = 1_000;

  /** Rather no listing than half of one: what is missing from it counts as gone. */
  static void requireRoom(int databases) throws SQLException {
    if (databases >= MAX_DATABASES) {
      throw new SQLException("the server lists more than " + MAX_DATABASES + " databases");
    }
  }

  static Listing complete(List<DatabaseEntry> databases) {
    return new Listing(databases, Visibility.COMPLETE, null);
  }

  static Listing restricted(List<DatabaseEntry> databases, String reason) {
    return new Listing(databases, Visibility.RESTRICTED, reason);
  }
}
