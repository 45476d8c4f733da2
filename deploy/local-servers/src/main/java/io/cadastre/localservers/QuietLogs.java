package io.cadastre.localservers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Lets only warnings of Kafka through: a broker in this process says hundreds of lines when it
 * starts. Holds when Spring Boot resets the logging; levels that are then configured win.
 */
final class QuietLogs implements LoggerContextListener {
  private static final List<String> NAMES =
      List.of("kafka", "org.apache.kafka", "state.change.logger");

  /** They warn in a healthy start and stop: of unused settings, of being the first controller. */
  private static final List<String> HARMLESS =
      List.of(
          "org.apache.kafka.common.config.AbstractConfig",
          "org.apache.kafka.controller.QuorumController");

  private QuietLogs() {}

  static synchronized void apply() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getCopyOfListenerList().stream().noneMatch(QuietLogs.class::isInstance)) {
      var quiet = new QuietLogs();
      context.addListener(quiet);
      quiet.quieten(context);
    }
  }

  private void quieten(LoggerContext context) {
    NAMES.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    HARMLESS.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
  }

  @Override
  public boolean isResetResistant() {
    return true;
  }

  @Override
  public void onReset(LoggerContext context) {
    quieten(context);
  }

  @Override
  public void onStart(LoggerContext context) {}

  @Override
  public void onStop(LoggerContext context) {}

  @Override
  public void onLevelChange(Logger logger, Level level) {}
}
