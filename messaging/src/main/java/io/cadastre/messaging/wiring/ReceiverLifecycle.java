package io.cadastre.messaging.wiring;

import io.cadastre.messaging.receive.MessageReceiver;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/** Starts the receivers after everything they need, and stops them, all at once, before it. */
final class ReceiverLifecycle implements SmartLifecycle {

  private final ObjectProvider<MessageReceiver> receivers;
  private volatile boolean running;

  ReceiverLifecycle(ObjectProvider<MessageReceiver> receivers) {
    this.receivers = receivers;
  }

  @Override
  public void start() {
    receivers.forEach(MessageReceiver::start);
    running = true;
  }

  @Override
  public void stop() {
    receivers.stream().parallel().forEach(MessageReceiver::close);
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
