package io.cadastre.contracts.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternsTest {

  @ParameterizedTest
  @CsvSource({
    "tmp_*, tmp_1, true",
    "tmp_*, tmpx1, false",
    "tmp_*, template_store, false",
    "*, anything, true",
    "a?c, abc, true",
    "a?c, ac, false",
    "?, 🐘, true",
    "a*b*c, aXXbYYbZc, true",
    "a*b*c, aXXbYYbZ, false",
    "shop, Shop, false",
    "a.c, abc, false",
    "***, x, true",
  })
  void aPatternMatchesAsItsOwnerMeant(String pattern, String name, boolean expected) {
    assertThat(NamePatterns.matches(pattern, name)).isEqualTo(expected);
  }

  @Test
  void exclusionWinsOverInclusion() {
    NamePatterns patterns = new NamePatterns(List.of("shop*"), List.of("*_tmp"));
    assertThat(patterns.admits("shop_a")).isTrue();
    assertThat(patterns.admits("shop_tmp")).isFalse();
    assertThat(patterns.admits("other")).isFalse();
    assertThat(NamePatterns.ALL.admits("")).isTrue();
  }

  @Test
  void aHostilePatternTakesStepsNotAges() {
    assertThat(NamePatterns.matches("a*".repeat(2_000) + "b", "a".repeat(20_000))).isFalse();
  }
}
