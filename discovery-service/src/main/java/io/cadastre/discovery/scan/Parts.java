package io.cadastre.discovery.scan;

import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.contracts.events.MessageJson;
import java.util.ArrayList;
import java.util.List;

/** Cuts a listing into portions that fit a Kafka record of the usual limit of 1 MiB with ease. */
final class Parts {

  static final int MAX_BYTES = 512 * 1024;
  static final int MAX_ROWS = 2_000;

  /** What the message holds beside the databases, and then some. */
  private static final int ENVELOPE_BYTES = 8 * 1024;

  private Parts() {}

  /** In order; one empty part where there is nothing. */
  static List<List<DatabaseEntry>> of(List<DatabaseEntry> databases) {
    List<List<DatabaseEntry>> parts = new ArrayList<>();
    int start = 0;
    int bytes = ENVELOPE_BYTES;
    for (int i = 0; i < databases.size(); i++) {
      int size = MessageJson.write(databases.get(i)).length + 1;
      boolean full = bytes + size > MAX_BYTES || i - start == MAX_ROWS;
      if (full && i > start) {
        parts.add(databases.subList(start, i));
        start = i;
        bytes = ENVELOPE_BYTES;
      }
      bytes += size;
    }
    parts.add(databases.subList(start, databases.size()));
    return parts;
  }
}
