package io.cadastre.gateway.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.ScriptedInstance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What the other browser tests see of a stand-in, here on the gateway itself. */
@GatewayTest
class ConsoleOnTheGatewayTest {

  private static final long MIB = 1024 * 1024;
  private static final FakeWorker WORKER = new FakeWorker();
  private static final Path SCREENSHOTS = Path.of("target", "console-screenshots");

  @RegisterExtension
  final BrowserWindow window =
      BrowserWindow.with(
          options -> options.setViewportSize(1280, 900).setReducedMotion(ReducedMotion.REDUCE));

  private final Api api;

  ConsoleOnTheGatewayTest(Api api) {
    this.api = api;
  }

  @AfterAll
  static void stop() {
    WORKER.close();
  }

  @Test
  void fromSigningInToASizeChartByKeyboardAlone() throws InterruptedException {
    Page page = window.page();
    signIn(page, api.newUser("operator"));
    tabTo(page, page.getByText("Add instance"));
    page.keyboard().press("Enter");
    String name = api.unique("orders");
    type(page, page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)), name);
    tabTo(page, page.getByLabel("Engine"));
    page.keyboard().type("PostgreSQL");
    type(page, page.getByLabel("Host"), name + ".example.internal");
    type(page, page.getByLabel("User name"), "cadastre");
    type(page, page.getByLabel("Password"), "secret");
    page.keyboard().press("Enter");
    assertThat(page.locator("h1")).hasText(name);
    assertThat(page.getByText("Not measured yet.")).isVisible();

    var instance = new ScriptedInstance(WORKER, idOf(page)).has("orders", 300 * MIB);
    instance.has("billing", 900 * MIB).has("crm", 20 * MIB).refuses("payroll").hesitates();
    Locator databases = page.locator("button[data-kind=sync_databases]");
    tabTo(page, databases);
    page.keyboard().press("Enter");
    assertThat(page.locator(".progress")).containsText("2 of 4");
    assertThat(databases).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("#announcements")).hasText("Sync databases is already running.");
    instance.goesOn();
    assertThat(outcome(page)).containsText("Found 4 databases: 4 new");
    assertThat(table(page).getByRole(AriaRole.ROWHEADER)).hasCount(4);
    assertThat(table(page)).containsText("new");

    instance.answers();
    tabTo(page, page.locator("button[data-kind=sync_database_sizes]"));
    page.keyboard().press("Enter");
    assertThat(outcome(page)).containsText("Saved the sizes of 3 databases, 1.19 GiB in all.");
    assertThat(table(page)).containsText("permission denied for database payroll");
    assertThat(table(page).getByRole(AriaRole.ROWHEADER))
        .hasText(
            new Pattern[] {
              Pattern.compile("^billing"),
              Pattern.compile("^orders"),
              Pattern.compile("^crm"),
              Pattern.compile("^payroll")
            });

    instance.has("orders", 500 * MIB);
    tabTo(page, page.locator("button[data-kind=sync_all]"));
    page.keyboard().press("Enter");
    assertThat(outcome(page)).containsText("1.39 GiB in all.");
    Locator chart = page.locator(".chart-frame");
    awaitDrawn(page);
    tabTo(page, chart);
    page.keyboard().press("Home");
    assertThat(page.locator(".read-out")).containsText("1.19 GiB");

    tabTo(page, page.getByText("Sign out"));
    page.keyboard().press("Enter");
    assertThat(page.getByLabel("User name")).isVisible();
    page.reload();
    assertThat(page.getByLabel("User name")).isVisible();
  }

  @Test
  void whatIsGoneIsShownAndAHeldScanIsRejected() {
    Page page = window.page();
    String name = api.unique("held");
    long id = register(name);
    var instance = new ScriptedInstance(WORKER, id);
    for (String each : List.of("a", "b", "c", "d", "e", "f", "g")) {
      instance.has(each, MIB);
    }
    instance.answers();
    signIn(page, api.newUser("operator"));
    page.navigate(api.address() + "/instances/" + id);
    sync(page);
    assertThat(outcome(page)).containsText("7 new");

    instance.lost("g").has("h", MIB).answers();
    sync(page);
    assertThat(outcome(page)).containsText("1 new, 1 deleted");
    page.getByRole(AriaRole.SEARCH).getByText("Deleted").click();
    assertThat(table(page).getByRole(AriaRole.ROWHEADER)).containsText(new String[] {"g"});

    instance.lost("a", "b", "c", "d", "e").answers();
    sync(page);
    Locator banner = page.locator(".held");
    assertThat(banner).containsText("5 databases would vanish");
    Assertions.assertThat(banner.locator("li").allInnerTexts())
        .containsExactly("a", "b", "c", "d", "e");
    banner.getByText("Keep them").click();
    page.getByRole(AriaRole.DIALOG).getByText("Keep them").click();
    assertThat(banner).hasCount(0);
    page.getByRole(AriaRole.SEARCH).getByText("Present").click();
    assertThat(table(page).getByRole(AriaRole.ROWHEADER)).hasCount(7);
  }

  @Test
  void aScheduleIsChangedAndAWrongOneIsRefusedInPlace() {
    Page page = window.page();
    signIn(page, "admin", "the first admin's password");
    page.getByRole(AriaRole.BANNER).getByText("Schedule").click();
    Locator card =
        page.getByRole(AriaRole.ARTICLE, new Page.GetByRoleOptions().setName("Sync databases"));
    card.getByText("Edit").click();
    Locator cron = card.getByLabel("When (cron)");
    String before = cron.inputValue();
    cron.fill("61 3 * * *");
    card.getByText("Save").click();
    assertThat(cron).hasAttribute("aria-invalid", "true");
    assertThat(cron).isFocused();
    cron.fill("15 2 * * *");
    card.getByLabel("Time zone").fill("Asia/Shanghai");
    card.getByText("Save").click();
    assertThat(card).containsText("15 2 * * * Asia/Shanghai");
    page.reload();
    assertThat(card).containsText("15 2 * * * Asia/Shanghai");

    card.getByText("Edit").click();
    card.getByLabel("When (cron)").fill(before);
    card.getByLabel("Time zone").fill("UTC");
    card.getByText("Save").click();
    assertThat(card).containsText(before + " UTC");
  }

  @Test
  void fitsAPhoneInBothLanguages() {
    Page page = window.page();
    page.setViewportSize(390, 844);
    String name = api.unique("a-rather-long-name-of-an-instance");
    long id = register(name);
    new ScriptedInstance(WORKER, id)
        .has("orders", 300 * MIB)
        .has("a_database_whose_name_is_as_long_as_postgresql_allows_it_to_be_x", 40 * MIB)
        .refuses("payroll")
        .answers();
    signIn(page, "admin", "the first admin's password");
    page.navigate(api.address() + "/instances/" + id);
    page.locator("button[data-kind=sync_all]").click();
    assertThat(outcome(page)).containsText("3 new");
    for (String language : List.of("en", "zh")) {
      page.evaluate("language => localStorage.setItem('cadastre.language', language)", language);
      for (String path :
          List.of(
              "/instances",
              "/instances/" + id,
              "/instances/" + id + "/edit",
              "/operations",
              "/schedules",
              "/users",
              "/account",
              "/audit-log")) {
        page.navigate(api.address() + path);
        page.locator("main h1").first().waitFor();
        page.waitForFunction("() => !document.querySelector('.loading')");
        Assertions.assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
            .as("%s in %s scrolls sideways by", path, language)
            .isEqualTo(0);
        page.screenshot(
            new Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(
                    SCREENSHOTS.resolve(
                        "phone"
                            + path.replace('/', '-').replace("" + id, "id")
                            + "-"
                            + language
                            + ".png")));
      }
    }
    page.navigate(api.address() + "/instances/" + id);
    assertThat(page.locator("button[data-kind=sync_all]")).hasText("全部同步");
  }

  private void signIn(Page page, String username) {
    signIn(page, username, api.passwordOfUsers());
  }

  private void signIn(Page page, String username, String password) {
    page.navigate(api.address() + "/");
    page.getByLabel("User name").fill(username);
    page.getByLabel("Password").fill(password);
    page.keyboard().press("Enter");
    page.locator("main h1").getByText("Instances").waitFor();
  }

  private long register(String name) {
    var created =
        api.operator()
            .post()
            .uri("/api/v1/instances")
            .bodyValue(
                Map.of(
                    "name",
                    name,
                    "engine",
                    "postgresql",
                    "host",
                    name + ".example.internal",
                    "port",
                    5432,
                    "username",
                    "cadastre",
                    "password",
                    "secret",
                    "tls",
                    Map.of("mode", "disabled")))
            .exchange()
            .expectStatus()
            .isCreated()
            .expectBody(JsonNode.class)
            .returnResult()
            .getResponseBody();
    return Objects.requireNonNull(created).get("id").asLong();
  }

  /** Goes on with Tab until there, as far as it takes; a stop that is never reached fails. */
  private static void tabTo(Page page, Locator wanted) {
    wanted.waitFor();
    for (int stops = 0; stops < 150; stops++) {
      page.keyboard().press("Tab");
      if ((boolean)
          wanted.evaluate(
              "it => it === document.activeElement || it.contains(document.activeElement)")) {
        return;
      }
    }
    throw new AssertionError("not reached by keyboard: " + wanted);
  }

  private static void type(Page page, Locator field, String text) {
    tabTo(page, field);
    page.keyboard().type(text);
  }

  private static void sync(Page page) {
    page.locator("button[data-kind=sync_databases]").click();
    assertThat(page.locator("#announcements"))
        .containsText(Pattern.compile("Sync databases: (Found|.*decision)|would vanish"));
  }

  private static Locator outcome(Page page) {
    return page.locator(".sync .notice");
  }

  private static Locator table(Page page) {
    return page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Databases"));
  }

  private static long idOf(Page page) {
    page.waitForURL(Pattern.compile("/instances/[0-9]+$"));
    return Long.parseLong(page.url().substring(page.url().lastIndexOf('/') + 1));
  }

  /** A chart that is drawn again, for another measurement, has no canvas for a moment. */
  private static void awaitDrawn(Page page) {
    page.waitForFunction(
        """
        () => {
          const canvases = document.querySelectorAll('.chart-frame canvas');
          if (canvases.length !== 1) return false;
          const { width, height } = canvases[0];
          const data = canvases[0].getContext('2d').getImageData(0, 0, width, height).data;
          return new Set(new Uint32Array(data.buffer)).size > 20;
        }
        """);
  }
}
