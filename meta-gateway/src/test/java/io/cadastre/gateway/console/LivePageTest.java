package io.cadastre.gateway.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LivePageTest {

  @RegisterExtension final FakeGateway gateway = new FakeGateway();
  @RegisterExtension final BrowserWindow window = BrowserWindow.wide();

  @Test
  void aSyncShowsItsProgressAndThenItsResultInWords() {
    Page page = window.page();
    gateway.open(page, "/instances/1", "operator");
    Locator button = page.locator("button[data-kind=sync_all]");
    button.click();
    assertThat(page.locator("#announcements")).hasText("Sync all: started.");
    assertThat(page.getByRole(AriaRole.PROGRESSBAR)).isVisible();
    assertThat(page.locator(".progress")).containsText(Pattern.compile("\\d+ of 21"));
    assertThat(button).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("#announcements")).hasText("Sync all is already running.");

    Locator outcome = page.locator(".sync .notice");
    assertThat(outcome).containsText("Found 21 databases: 2 new, 1 deleted. 3 filtered.");
    assertThat(outcome).containsText("1 failed.");
    outcome.getByText("1 database failed").click();
    assertThat(outcome).containsText("permission denied for database payroll");
    assertThat(page.locator("#announcements")).containsText("Sync all: Found 21 databases");
  }

  @Test
  void theChartIsDrawnAndReadByKeyboard() {
    Page page = window.page();
    gateway.open(page, "/instances/1", "viewer");
    Locator chart = page.locator(".chart-frame");
    assertThat(chart.locator("canvas")).hasCount(2);
    Assertions.assertThat(coloursOn(chart)).as("colours on the canvas").isGreaterThan(20);

    Locator readOut = page.locator(".read-out");
    String latest = readOut.innerText();
    chart.focus();
    page.keyboard().press("Home");
    assertThat(readOut).not().hasText(latest);
    page.keyboard().press("End");
    assertThat(readOut).containsText(latest.substring(0, 6));
    chart.hover();
    assertThat(readOut).not().containsText(latest.substring(0, 20));

    page.getByText("Monthly").click();
    page.getByText("Show as table").click();
    assertThat(page.getByRole(AriaRole.TABLE).first()).containsText("Change %");
  }

  @Test
  void aDatabaseHasAChartOfItsOwnWithAnAddress() {
    Page page = window.page();
    gateway.open(page, "/instances/1", "viewer");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("billing")).click();
    assertThat(page.locator("#sizes")).hasText("Size of billing");
    page.reload();
    assertThat(page.locator("#sizes")).hasText("Size of billing");
    page.getByText("Whole instance").click();
    assertThat(page.locator("#sizes")).hasText("Size over time");
  }

  @Test
  void namesOfDatabasesAreTextWhateverTheyContain() {
    Page page = window.page();
    page.onDialog(dialog -> Assertions.fail("a name was run as script: " + dialog.message()));
    gateway.open(page, "/instances/1", "viewer");
    String hostile = "<img src=x onerror=alert(1)>";
    Locator name = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(hostile));
    assertThat(name).hasText(hostile);
    name.click();
    assertThat(page.locator("#sizes")).hasText("Size of " + hostile);
    assertThat(page.locator("img")).hasCount(0);
  }

  @Test
  void aPageThatLostItsConnectionSaysSo() {
    Page page = window.page();
    gateway.open(page, "/instances/1", "viewer");
    assertThat(page.locator("h1")).hasText("orders-primary");
    gateway.stop();
    assertThat(page.getByText("Not live: reconnecting…")).isVisible();
    page.getByText("90 days").click();
    assertThat(page.getByText("Cadastre could not be reached.").first()).isVisible();
    assertThat(page.getByText("Try again").first()).isVisible();
  }

  private static int coloursOn(Locator chart) {
    String script =
        "frame => { const canvas = frame.querySelector('canvas'); const pixels = canvas.getContext('2d')"
            + ".getImageData(0, 0, canvas.width, canvas.height).data; const seen = new Set();"
            + " for (let i = 0; i < pixels.length; i += 4) { seen.add(pixels[i] << 24 | pixels[i + 1] << 16"
            + " | pixels[i + 2] << 8 | pixels[i + 3]); } return seen.size; }";
    return (int) chart.evaluate(script);
  }
}
