package io.cadastre.gateway.account;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Removes what has ended; every gateway may, nothing is removed twice. */
@Component
final class Housekeeping {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration ENDED_TOKENS_SHOWN_FOR = Duration.ofDays(30);

  private final Sessions sessions;
  private final Tokens tokens;
  private final SignInThrottle throttle;

  Housekeeping(Sessions sessions, Tokens tokens, SignInThrottle throttle) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.throttle = throttle;
  }

  @Scheduled(initialDelayString = "PT5M", fixedDelayString = "PT10M")
  Mono<Void> removeEnded() {
    return Mono.when(
            sessions.removeEnded(),
            tokens.removeEnded(ENDED_TOKENS_SHOWN_FOR),
            throttle.removeForgotten())
        .doOnError(failure -> LOG.warn("Ended sessions not removed, will try again", failure))
        .onErrorComplete();
  }
}
