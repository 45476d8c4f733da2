package io.cadastre.messaging.wiring;

import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.receive.MessageHandler;
import io.cadastre.messaging.receive.MessageReceiver;
import io.cadastre.messaging.receive.ReceiverSettings;
import io.cadastre.messaging.send.MessageSender;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;

/** Makes receivers with what is the same for all of a service. */
public final class Receivers {

  private final KafkaSettings kafka;
  private final MessageSender sender;
  private final MeterRegistry meters;
  private final ObservationRegistry observations;

  Receivers(
      KafkaSettings kafka,
      MessageSender sender,
      MeterRegistry meters,
      ObservationRegistry observations) {
    this.kafka = kafka;
    this.sender = sender;
    this.meters = meters;
    this.observations = observations;
  }

  /** To be returned from a bean method; it starts once the whole service is up. */
  public MessageReceiver of(ReceiverSettings settings, MessageHandler handler) {
    return new MessageReceiver(kafka, settings, handler, sender, meters, observations);
  }
}
