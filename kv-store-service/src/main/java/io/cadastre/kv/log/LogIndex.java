package io.cadastre.kv.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which entries the log holds, and where. */
final class LogIndex {

  private final TreeMap<Long, Positions> files = new TreeMap<>();
  private final TreeMap<Long, Long> terms = new TreeMap<>();
  private long first = 1;
  private long last;

  /** From here on all entries up to the last are there. */
  private long present = 1;

  long first() {
    return first;
  }

  long last() {
    return last;
  }

  /** From here on records are those of another file, which goes on from the one before. */
  void file(long number) {
    files.put(number, new Positions());
  }

  void add(RecordHeader header, int at) {
    add(header.index(), header.term(), header.kind(), at, header.recordBytes());
  }

  void add(long index, long term, int kind, int at, int recordBytes) {
    files.lastEntry().getValue().add(index, kind, at, recordBytes);
    Map.Entry<Long, Long> before = terms.lastEntry();
    if (before == null || before.getValue() != term) {
      terms.put(index, term);
    }
    last = index;
  }

  /** Of what there is, only the entries from-to count from here on. */
  void bound(long from, long to) {
    if (to > last) {
      files.values().forEach(positions -> positions.cutAfter(-1));
      terms.clear();
      present = to + 1;
    } else {
      files.values().forEach(positions -> positions.cutAfter(to));
      terms.tailMap(to + 1).clear();
      present = Math.min(present, to + 1);
    }
    first = from;
    last = to;
    Long oldest = terms.floorKey(first);
    if (oldest != null) {
      terms.headMap(oldest).clear();
    }
  }

  /** The first entry that must be there and is not. */
  long missing() {
    return present > first ? first : -1;
  }

  /** The term of an entry; 0 where there is none. */
  long term(long index) {
    if (index < first || index > last) {
      return 0;
    }
    Map.Entry<Long, Long> term = terms.floorEntry(index);
    return term == null ? 0 : term.getValue();
  }

  @Nullable Place find(long index) {
    if (index < first || index > last) {
      return null;
    }
    for (Map.Entry<Long, Positions> file : files.descendingMap().entrySet()) {
      Positions positions = file.getValue();
      if (positions.holds(index)) {
        return new Place(file.getKey(), positions.at(index), positions.recordBytes(index));
      }
    }
    throw new IllegalStateException("entry " + index + " is nowhere");
  }

  List<Long> ofKind(int kind) {
    List<Long> found = new ArrayList<>();
    for (Positions positions : files.values()) {
      positions.ofKind(kind, first, found);
    }
    return found;
  }

  /** The oldest files as far as nothing counts that is in them. */
  List<Long> done() {
    List<Long> done = new ArrayList<>();
    for (Map.Entry<Long, Positions> file : files.headMap(files.lastKey()).entrySet()) {
      Positions positions = file.getValue();
      if (!positions.isEmpty() && positions.end() > first) {
        break;
      }
      done.add(file.getKey());
    }
    return done;
  }

  void forget(long number) {
    files.remove(number);
  }

  /** Where an entry stands. */
  record Place(long file, int at, int recordBytes) {}
}
