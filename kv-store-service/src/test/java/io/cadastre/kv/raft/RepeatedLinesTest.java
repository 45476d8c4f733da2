package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RepeatedLinesTest {

  private static final String DOWN = "Fail to reach {}";

  private final AtomicLong nanos = new AtomicLong();
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void configure() {
    context.addTurboFilter(new RepeatedLines(nanos::get));
    log.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(log);
  }

  @Test
  void aLineOfJRaftComesAgainAfterTenSeconds() {
    Logger jraft = context.getLogger("com.alipay.sofa.jraft.core.Replicator");
    jraft.setLevel(Level.WARN);
    jraft.error(DOWN, "m1");
    jraft.error(DOWN, "m1");
    jraft.warn("reject {} of {}", "entries", "m1");
    nanos.set(Duration.ofSeconds(9).toNanos());
    jraft.error(DOWN, "m1");
    nanos.set(Duration.ofSeconds(10).toNanos());
    jraft.error(DOWN, "m1");

    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("Fail to reach m1", "reject entries of m1", "Fail to reach m1");
  }

  @Test
  void whoeverAsksJRaftForMoreAndEverybodyElseGetsAllLines() {
    Logger asked = context.getLogger("com.alipay.sofa.jraft.core.Replicator");
    asked.setLevel(Level.DEBUG);
    Logger own = context.getLogger("io.cadastre.kv.raft.Saving");
    for (Logger each : new Logger[] {asked, own}) {
      each.error(DOWN, "m1");
      each.error(DOWN, "m1");
    }

    assertThat(log.list).hasSize(4);
  }
}
