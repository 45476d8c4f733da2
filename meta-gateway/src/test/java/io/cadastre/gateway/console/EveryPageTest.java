package io.cadastre.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EveryPageTest {

  private static final List<String> PAGES =
      List.of(
          "/instances",
          "/instances/1",
          "/instances/3",
          "/instances/6",
          "/instances/new",
          "/operations",
          "/schedules",
          "/runs/r1",
          "/account",
          "/users",
          "/audit-log");

  @RegisterExtension final FakeGateway gateway = new FakeGateway();

  @RegisterExtension
  final BrowserWindow window =
      BrowserWindow.with(options ->
          options
              .setViewportSize(390, 844)
              .setReducedMotion(ReducedMotion.REDUCE)
              // axe-core comes into the page from outside of it.
              .setBypassCSP(true));

  @Test
  void fitsAPhoneInBothLanguages() {
    Page page = window.page();
    gateway.open(page, "/", "admin");
    for (String language : List.of("en", "zh")) {
      page.evaluate("language => localStorage.setItem('cadastre.language', language)", language);
      for (String path : PAGES) {
        settle(page, path);
        assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
            .as("%s in %s scrolls sideways by", path, language)
            .isEqualTo(0);
        assertThat(page.evaluate("document.documentElement.lang"))
            .isEqualTo(language.equals("zh") ? "zh-CN" : "en");
      }
    }
  }

  @Test
  void passesTheRulesOfAxeInLightAndDark() {
    Page page = window.page();
    page.setViewportSize(1280, 900);
    gateway.open(page, "/", "admin");
    var violations = new ArrayList<String>();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      for (String path : PAGES) {
        settle(page, path);
        violations.addAll(violations(page, path + " " + scheme));
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void canBeWalkedThroughByKeyboardAndShowsWhereOneIs() {
    Page page = window.page();
    page.setViewportSize(1280, 900);
    gateway.open(page, "/", "admin");
    for (String path : PAGES) {
      settle(page, path);
      page.keyboard().press("Tab");
      PlaywrightAssertions.assertThat(page.locator(".skip")).isFocused();
      walk(page, path);
    }
    settle(page, "/instances/1");
    page.keyboard().press("Tab");
    page.keyboard().press("Enter");
    PlaywrightAssertions.assertThat(page.locator("main")).isFocused();
  }

  @Test
  void theLanguageIsRemembered() {
    Page page = window.page();
    page.setViewportSize(1280, 900);
    gateway.open(page, "/instances/1", "admin");
    page.getByText("中文").click();
    PlaywrightAssertions.assertThat(page.locator("button[data-kind=sync_all]")).hasText("全部同步");
    page.locator("button[data-kind=sync_databases]").click();
    PlaywrightAssertions.assertThat(page.locator(".sync .notice"))
        .containsText("发现 21 个数据库，新增 2 个，删除 1 个");
    page.reload();
    PlaywrightAssertions.assertThat(page.locator("#databases")).hasText("数据库");
    assertThat(page.title()).isEqualTo("orders-primary · Cadastre");
  }

  /** From the first to the last stop; each is visible and none comes twice before the end. */
  private static void walk(Page page, String path) {
    var seen = new HashSet<Object>();
    for (int i = 0; i < 400; i++) {
      page.keyboard().press("Tab");
      Object stop =
          page.evaluate(
              "() => { const e = document.activeElement; if (e === document.body) return 'the end';"
                  + " e.dataset.stop ??= String(Math.random()); const s = getComputedStyle(e);"
                  + " return s.outlineStyle === 'none' ? 'invisible: ' + e.outerHTML : e.dataset.stop; }");
      if (stop.equals("the end")) {
        assertThat(seen).as("stops of %s", path).hasSizeGreaterThan(8);
        return;
      }
      assertThat(stop.toString()).as(path).doesNotStartWith("invisible");
      if (!seen.add(stop)) {
        return; // around the window once
      }
    }
    throw new AssertionError("no end of " + path);
  }

  private void settle(Page page, String path) {
    page.navigate(gateway.address(path));
    page.locator("main h1").first().waitFor();
    page.waitForFunction("() => !document.querySelector('.loading')");
  }

  private static List<String> violations(Page page, String where) {
    page.evaluate(axe());
    Object found =
        page.evaluate(
            "async () => (await axe.run()).violations.filter(v => ['serious', 'critical'].includes(v.impact))"
                + ".map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.any.map(a => a.message)).join('\\n  '))");
    return ((List<?>) found).stream().map(violation -> where + " " + violation).toList();
  }

  private static String axe() {
    try (InputStream script =
        Objects.requireNonNull(EveryPageTest.class.getResourceAsStream("/axe.min.js"))) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
