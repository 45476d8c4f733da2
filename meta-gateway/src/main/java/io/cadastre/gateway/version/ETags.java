package io.cadastre.gateway.version;

import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The version of an entity as HTTP carries it, for example {@code "3"}. */
public final class ETags {

  private static final Pattern STRONG = Pattern.compile("\"(\\d{1,18})\"");
  private static final String ALLOWED = "the ETag of the last read, for example \"3\"";

  private ETags() {}

  public static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Refuses a change of another version than the caller has seen.
   *
   * @throws ProblemException 428 without {@code If-Match}, 412 where it names another version
   */
  public static void check(@Nullable String ifMatch, long version) {
    if (ifMatch == null) {
      throw ProblemException.of(
          ProblemKind.PRECONDITION_REQUIRED, "If-Match: missing (allowed: " + ALLOWED + ")");
    }
    if (ifMatch.strip().equals("*")) {
      return;
    }
    Matcher etag = STRONG.matcher(ifMatch.strip());
    if (!etag.matches()) {
      throw ProblemException.invalid("If-Match", ifMatch, ALLOWED);
    }
    if (Long.parseLong(etag.group(1)) != version) {
      throw ProblemException.of(
          ProblemKind.STALE,
          "If-Match: %s (it is at %s by now; read it again)".formatted(ifMatch, of(version)));
    }
  }
}
