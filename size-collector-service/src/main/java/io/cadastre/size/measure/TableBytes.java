package io.cadastre.size.measure;

import java.util.Set;

/** Sums what {@code information_schema.TABLES} says of the tables of one database. */
final class TableBytes {

  /** Their bytes are in memory, elsewhere, or counted with another table already. */
  private static final Set<String> NOT_ON_THIS_DISK =
      Set.of(
          "MEMORY",
          "BLACKHOLE",
          "FEDERATED",
          "SPIDER",
          "CONNECT",
          "S3",
          "MRG_MYISAM",
          "SEQUENCE",
          "PERFORMANCE_SCHEMA",
          "NDB",
          "NDBCLUSTER");

  private long tables;
  private long data;
  private long index;
  private long free;
  private long outsideTablespaces;

  /**
   * Adds a table.
   *
   * @param ownTablespace whether its InnoDB files are counted as a tablespace
   */
  void add(String engine, long dataLength, long indexLength, long dataFree, boolean ownTablespace) {
    tables++;
    if (NOT_ON_THIS_DISK.contains(engine)) {
      return;
    }
    boolean innoDb = engine.equals("INNODB");
    data += dataLength;
    index += indexLength;
    if (!innoDb || ownTablespace) {
      // In a shared tablespace every table shows the free bytes of all of it.
      free += dataFree;
    }
    if (!innoDb || !ownTablespace) {
      outsideTablespaces += dataLength + indexLength;
    }
  }

  long tables() {
    return tables;
  }

  long data() {
    return data;
  }

  long index() {
    return index;
  }

  long free() {
    return free;
  }

  /** Bytes that no tablespace of its own accounts for: other engines, shared tablespaces. */
  long outsideTablespaces() {
    return outsideTablespaces;
  }
}
