package io.cadastre.messaging.receive;

import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.Message;

/** What a service does with a message. */
@FunctionalInterface
public interface MessageHandler {

  /**
   * Called on a virtual thread, so it may block; for one key never twice at the same time, and in
   * the order in which the records lie on their partition. The same message may come again, after a
   * crash or when partitions move. On return the message counts as done.
   *
   * @throws RejectedMessageException to put the message aside as a dead letter, with the reason
   * @throws io.cadastre.messaging.OutageException to have it handled again later, as often as it
   *     takes
   * @throws Exception anything else is a bug: logged with its stack, and the message put aside as a
   *     dead letter
   */
  void handle(Envelope<Message> envelope) throws Exception;
}
