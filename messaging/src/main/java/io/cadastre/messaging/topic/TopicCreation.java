package io.cadastre.messaging.topic;

import io.cadastre.contracts.events.Topic;
import io.cadastre.messaging.Backoff;
import io.cadastre.messaging.FailingCalls;
import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.OutageException;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates topics in the background, as often as it takes. Who uses a topic waits for it: a topic
 * that a client touches before may be created by the broker, with the broker's defaults.
 */
public final class TopicCreation implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TopicCreation.class);
  private static final String CALL = "create topics";
  private static final long LOOK_MILLIS = 50;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final FailingCalls calls;
  private final Thread thread;
  private volatile boolean created;

  private TopicCreation(Runnable ensure, FailingCalls calls) {
    this.calls = calls;
    this.thread = Thread.ofVirtual().name("topic-creation").unstarted(() -> run(ensure));
  }

  /** Begins; {@code calls} shows it as failing until it is done. */
  public static TopicCreation start(
      KafkaSettings settings,
      Collection<Topic> topics,
      Collection<String> consumerGroups,
      FailingCalls calls) {
    TopicCreation creation =
        new TopicCreation(() -> Topics.ensure(settings, topics, consumerGroups), calls);
    calls.failed(CALL, "not yet done");
    creation.thread.start();
    return creation;
  }

  private void run(Runnable ensure) {
    Backoff backoff = Backoff.standard();
    try {
      for (int failures = 1; !created; failures++) {
        try {
          ensure.run();
          calls.succeeded(CALL);
          created = true;
        } catch (OutageException e) {
          calls.failed(CALL, String.valueOf(e.getMessage()));
          if (failures == 1 && !Thread.currentThread().isInterrupted()) {
            log.warn("{}; trying again", e.getMessage());
          }
          Thread.sleep(backoff.after(failures));
        }
      }
    } catch (InterruptedException e) {
      log.info("closed before the topics could be created");
    } catch (RuntimeException | Error e) {
      calls.died(e);
      throw e;
    } finally {
      ended.countDown();
    }
  }

  /**
   * Returns once the topics exist.
   *
   * @throws OutageException where it was closed before
   */
  public void await() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException("interrupted while waiting for the topics", e);
    }
    if (!created) {
      throw new OutageException("closed before the topics could be created", null);
    }
  }

  /** Returns whether the topics exist, as soon as they do or {@code stop} is down. */
  public boolean await(CountDownLatch stop) throws InterruptedException {
    while (stop.getCount() > 0) {
      if (ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        return created;
      }
    }
    return false;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
