package io.cadastre.gateway.account;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of {@code cadastre.account.*}.
 *
 * @param firstAdminPassword of the user {@code admin} that the first start creates; empty = one is
 *     generated and printed once. Later starts pass over it.
 * @param sessionIdle a session not used for so long ends
 * @param sessionMax a session ends so long after signing in, used or not
 * @param alwaysSecureCookie marks the cookie for TLS alone also where this gateway is spoken to
 *     without it, as behind a proxy that ends TLS and does not say so
 */
@Validated
@ConfigurationProperties("cadastre.account")
record AccountProperties(
    @DefaultValue("") String firstAdminPassword,
    @DefaultValue("8h") @DurationMin(minutes = 1) Duration sessionIdle,
    @DefaultValue("7d") @DurationMin(minutes = 1) Duration sessionMax,
    @DefaultValue("false") boolean alwaysSecureCookie,
    @DefaultValue @Valid SignIn signIn) {

  /**
   * How often a password may be guessed.
   *
   * @param freeAttemptsPerAccount failures in a row before one has to wait
   * @param freeAttemptsPerAddress likewise, whatever account is tried
   * @param waitMax the wait doubles with each failure up to this
   * @param forgetAfter so long without an attempt, and counting begins anew
   */
  record SignIn(
      @DefaultValue("5") @Min(1) @Max(1000) int freeAttemptsPerAccount,
      @DefaultValue("20") @Min(1) @Max(100_000) int freeAttemptsPerAddress,
      @DefaultValue("5m") @DurationMin(seconds = 1) Duration waitMax,
      @DefaultValue("15m") @DurationMin(seconds = 1) Duration forgetAfter) {}

  /** Names no password. */
  @Override
  public String toString() {
    return "AccountProperties[…]";
  }
}
