package io.cadastre.gateway.operation;

import io.cadastre.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a caller is ready to wait for the result itself: {@code Prefer: wait=N} of RFC 7240, in
 * seconds.
 */
record PreferredWait(Duration atMost) {

  private static final Duration MAX = Duration.ofSeconds(60);
  private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait=\"?([^\\s,;\"]*)");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  static PreferredWait of(@Nullable String prefer) {
    Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
    if (!wait.find()) {
      return new PreferredWait(Duration.ZERO);
    }
    String seconds = wait.group(1);
    if (!SECONDS.matcher(seconds).matches() || Long.parseLong(seconds) > MAX.toSeconds()) {
      throw ProblemException.invalid("Prefer: wait", seconds, "0 to " + MAX.toSeconds());
    }
    return new PreferredWait(Duration.ofSeconds(Long.parseLong(seconds)));
  }
}
