package io.cadastre.gateway.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The page at {@code /api/docs}, which is no part of the console, in the browser of its tests. */
@GatewayTest
class ApiDocsPageTest {

  private static final Path SCREENSHOTS = Path.of("target", "console-screenshots");

  @RegisterExtension final BrowserWindow window = BrowserWindow.wide();

  private final Api api;

  ApiDocsPageTest(Api api) {
    this.api = api;
  }

  @Test
  void everyOperationIsListedWithItsRole() {
    Page page = open();
    JsonNode paths = document().path("paths");
    int operations =
        paths.valueStream().mapToInt(path -> path.size() - (path.has("parameters") ? 1 : 0)).sum();

    assertThat(page.locator("main details[id]")).hasCount(operations);
    assertThat(page.locator("#syncAll > summary"))
        .containsText(Pattern.compile("POST.*sync-all.*operator", Pattern.DOTALL));
    assertThat(page.locator("#signIn > summary")).containsText("anyone");
  }

  @Test
  void signedInByKeyboardAloneOneTriesAnOperation() {
    String username = api.newUser("viewer");
    Page page = open();
    type(page, page.getByLabel("User name"), username);
    type(page, page.getByLabel("Password"), "wrong, all of it");
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.ALERT))
        .containsText("the user name or the password is wrong");
    page.getByLabel("Password").fill("");
    page.getByLabel("User name").focus();
    type(page, page.getByLabel("Password"), api.passwordOfUsers());
    page.keyboard().press("Enter");
    assertThat(page.locator("#who")).containsText("Signed in as " + username + " (viewer).");

    tabTo(page, page.locator("#listInstances > summary"));
    page.keyboard().press("Enter");
    Locator operation = page.locator("#listInstances .operation");
    type(page, operation.getByLabel("search query"), "nothing has this name");
    tabTo(page, operation.getByRole(AriaRole.BUTTON));
    page.keyboard().press("Enter");
    assertThat(operation.locator(".answer [role=status]")).hasText(Pattern.compile("^200"));
    assertThat(operation.locator(".answer pre")).containsText("\"next_cursor\": null");

    page.locator("#whoAmI > summary").click();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out")).click();
    assertThat(page.getByLabel("User name")).isVisible();
    page.locator("#whoAmI").getByRole(AriaRole.BUTTON).click();
    assertThat(page.locator("#whoAmI .answer"))
        .containsText("urn:cadastre:problem:unauthenticated");
  }

  @Test
  void aTokenGoesBeforeTheSessionAndAChangeIsMade() {
    Page page = open();
    signIn(page, api.newUser("operator"));
    page.locator("#addToken > summary").click();
    Locator making = page.locator("#addToken .operation");
    making
        .getByLabel("Body application/json")
        .fill("{\"name\": \"docs\", \"role\": \"viewer\", \"expires_at\": null}");
    making.getByRole(AriaRole.BUTTON).click();
    Locator made = making.locator(".answer pre");
    assertThat(made).containsText("\"token\": \"cad_");
    String token = made.innerText().replaceAll("(?s).*(cad_[A-Za-z0-9_-]+).*", "$1");

    page.getByLabel("Or with a bearer token").fill(token);
    page.locator("#whoAmI > summary").click();
    page.locator("#whoAmI").getByRole(AriaRole.BUTTON).click();
    assertThat(page.locator("#whoAmI .answer pre")).containsText("\"role\": \"viewer\"");
    page.locator("#whoAmI").getByText("The same with curl").click();
    assertThat(page.locator("#whoAmI .more pre")).containsText("Authorization: Bearer $TOKEN");
  }

  @Test
  void allOfItIsInChineseToo() {
    Page page = open();
    Assertions.assertThat(
            page.evaluate(
                """
                import('/api/docs/words.js').then(({WORDS: {en, zh}}) =>
                  [...Object.keys(en), ...Object.keys(zh)].filter((key) => !en[key] || !zh[key] || en[key] === zh[key]))
                """))
        .as("words without a counterpart")
        .isEqualTo(List.of());
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("中文")).click();
    assertThat(page.locator("html")).hasAttribute("lang", "zh-CN");
    assertThat(page.locator("#signIn > summary")).containsText("任何人");
    page.setViewportSize(390, 900);
    page.locator("#addUser > summary").click();
    assertThat(page.locator("#addUser button[type=submit]")).hasText("发送");
    assertThat(page.locator("#who")).containsText("用户名");
    Assertions.assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        .isEqualTo(0);
    screenshot(page, "api-docs-390-zh");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("English")).click();
    assertThat(page.locator("#signIn > summary")).containsText("anyone");
  }

  @Test
  void eventsAreShownUntilTheyAreStopped() {
    Page page = open();
    signIn(page, api.newUser("viewer"));
    page.locator("#watchChanges > summary").click();
    Locator live = page.locator("#watchChanges .operation");
    live.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Send")).click();
    Locator stop = live.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Stop"));
    assertThat(stop).isVisible();
    assertThat(live.locator(".answer pre")).containsText(":");
    stop.click();
    assertThat(stop).hasCount(0);
  }

  @Test
  void fitsEveryWindowInBothColourSchemes() {
    Page page = open();
    signIn(page, api.newUser("operator"));
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : new int[] {1280, 390}) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.setViewportSize(width, 900);
        page.navigate(api.address() + "/api/docs#registerInstance");
        page.reload();
        assertThat(page.locator("#registerInstance textarea")).isVisible();
        page.locator("#registerInstance").getByText("What 201 has").click();
        Assertions.assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
            .as("at %d pixels it scrolls sideways by", width)
            .isEqualTo(0);
        screenshot(page, "api-docs-operation-" + width + "-" + scheme);
        page.evaluate("scrollTo(0, 0)");
        screenshot(page, "api-docs-" + width + "-" + scheme);
      }
    }
  }

  private static void screenshot(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
  }

  private Page open() {
    Page page = window.page();
    page.navigate(api.address() + "/api/docs");
    page.locator("#whoAmI").waitFor();
    return page;
  }

  private void signIn(Page page, String username) {
    page.getByLabel("User name").fill(username);
    page.getByLabel("Password").fill(api.passwordOfUsers());
    page.keyboard().press("Enter");
    assertThat(page.locator("#who")).containsText("Signed in as " + username);
  }

  /** Goes on with Tab until there. */
  private static void tabTo(Page page, Locator wanted) {
    for (int stops = 0; stops < 100; stops++) {
      page.keyboard().press("Tab");
      if ((boolean) wanted.evaluate("it => it === document.activeElement")) {
        return;
      }
    }
    throw new AssertionError("not reached by keyboard: " + wanted);
  }

  private static void type(Page page, Locator field, String text) {
    tabTo(page, field);
    page.keyboard().type(text);
  }

  private JsonNode document() {
    return Api.body(api.anonymous().get().uri("/api/v1/openapi.json").exchange());
  }
}
