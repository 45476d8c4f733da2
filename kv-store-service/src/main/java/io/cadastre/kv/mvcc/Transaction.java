package io.cadastre.kv.mvcc;

import io.cadastre.contracts.kv.mvcc.Event;
import java.util.List;

/**
 * What one transaction changed, in order: what watchers hear of.
 *
 * @param revision main revision of all its changes
 */
public record Transaction(long revision, List<Event> events) {

  public Transaction {
    events = List.copyOf(events);
  }
}
