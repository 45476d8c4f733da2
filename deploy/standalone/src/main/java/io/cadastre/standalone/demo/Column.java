package io.cadastre.standalone.demo;

import java.util.List;

/**
 * A column of a demo table and what its values look like.
 *
 * @param words what a {@link Kind#WORD} is one of
 */
record Column(String name, Kind kind, List<String> words) {

  /** What the values are. */
  enum Kind {
    PERSON,
    COMPANY,
    EMAIL,
    CITY,
    AMOUNT,
    COUNT,
    MOMENT,
    WORD,
    SENTENCE,
    DOCUMENT,
    ADDRESS
  }

  static Column column(String name, Kind kind) {
    return new Column(name, kind, List.of());
  }

  static Column word(String name, String... words) {
    return new Column(name, Kind.WORD, List.of(words));
  }
}
