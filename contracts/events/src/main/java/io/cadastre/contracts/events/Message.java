package io.cadastre.contracts.events;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The data of a CloudEvent that Cadastre puts on Kafka. */
public sealed interface Message permits Command, Event {

  /** The id of the entity it is about: {@code ce_subject} and the record key. */
  String subject();

  /** The operation it belongs to, {@code ce_correlationid}; absent where nobody asked for it. */
  @Nullable UUID correlationId();

  /**
   * What tells this message from every other of its type. A re-send has the same, so it has the
   * same {@code ce_id}.
   */
  String identity();

  /**
   * Place among the messages of one type about one subject; compares as text, {@code ce_sequence}.
   */
  String sequence();

  /** Zero-padded, so that text order is numeric order. */
  static String sequenceOf(long number, int part) {
    return String.format(Locale.ROOT, "%019d.%06d", number, part);
  }
}
