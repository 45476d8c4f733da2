package io.cadastre.messaging.answer;

import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.messaging.OutageException;
import io.cadastre.messaging.send.MessageSender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The parts of one answer on their way to Kafka. */
public final class Answer {

  private final MessageSender sender;
  private final List<CompletableFuture<Void>> sent = new ArrayList<>();
  private @Nullable ScanEvent last;

  public Answer(MessageSender sender) {
    this.sender = sender;
  }

  /**
   * Sends a part; does not wait for Kafka.
   *
   * @throws OutageException where the thread was interrupted: the work was cut off by a shutdown
   */
  public void add(ScanEvent part) {
    if (Thread.currentThread().isInterrupted()) {
      // The shutdown cut the work off, which is no failure of the instance.
      throw new OutageException("stopped in the middle", null);
    }
    last = part;
    sent.add(sender.send(part));
  }

  /** The last part, once Kafka has them all. */
  public ScanEvent awaitAcknowledged() throws InterruptedException {
    try {
      CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new)).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OutageException outage) {
        throw outage;
      }
      throw new IllegalStateException("the answer could not be sent", e.getCause());
    }
    if (last == null) {
      throw new IllegalStateException("a command was left without an answer");
    }
    return last;
  }
}
