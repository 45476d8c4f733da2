package io.cadastre.kv.raft;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * JRaft tells many times a second of a member that is down; here each of its lines comes once in
 * ten seconds. Named in the configuration of Logback.
 */
public final class RepeatedLines extends TurboFilter {

  private static final String OF = "com.alipay.sofa.jraft.";
  private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  /** More than JRaft has; a line that is no template would be another one each time. */
  private static final int MOST_TEMPLATES = 1_000;

  private final Map<String, Long> toldAtNanos = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  /** Makes it, for Logback. */
  public RepeatedLines() {
    this(System::nanoTime);
  }

  RepeatedLines(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String template,
      Object @Nullable [] values,
      @Nullable Throwable failure) {
    // Logback also asks without a line, whether there would be one.
    if (template == null
        || !logger.getName().startsWith(OF)
        || !logger.getEffectiveLevel().isGreaterOrEqual(Level.WARN)
        || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL;
    }
    long now = nanos.getAsLong();
    if (toldAtNanos.size() > MOST_TEMPLATES) {
      toldAtNanos.clear();
    }
    Long last = toldAtNanos.get(template);
    if (last != null && now - last < PAUSE_NANOS) {
      return FilterReply.DENY;
    }
    toldAtNanos.put(template, now);
    return FilterReply.NEUTRAL;
  }
}
