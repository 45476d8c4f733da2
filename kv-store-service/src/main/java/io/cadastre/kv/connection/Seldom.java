package io.cadastre.kv.connection;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Logs one line at a time: what somebody else can make happen shall not fill the log. */
final class Seldom {

  private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Logger log;
  private final LongSupplier nanos;
  private long untold;
  private long toldAtNanos;
  private boolean told;

  Seldom(Logger log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
  }

  synchronized void tell(String what) {
    long now = nanos.getAsLong();
    if (told && now - toldAtNanos < PAUSE_NANOS) {
      untold++;
      return;
    }
    log.log(Level.INFO, untold == 0 ? "{0}" : "{0}; and {1} others before", what, untold);
    told = true;
    toldAtNanos = now;
    untold = 0;
  }
}
