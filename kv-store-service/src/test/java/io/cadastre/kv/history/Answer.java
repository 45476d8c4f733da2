package io.cadastre.kv.history;

import java.util.List;
import java.util.Optional;

/**
 * What a client was told.
 *
 * @param held whether what it expected held
 * @param told what reads found and writes replaced; empty = nothing was there
 * @param revision of the store, from the header
 */
record Answer(boolean held, List<Optional<String>> told, long revision) {

  Answer {
    told = List.copyOf(told);
  }
}
