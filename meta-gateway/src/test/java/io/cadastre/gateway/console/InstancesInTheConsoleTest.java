package io.cadastre.gateway.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InstancesInTheConsoleTest {

  @RegisterExtension final FakeGateway gateway = new FakeGateway();
  @RegisterExtension final BrowserWindow window = BrowserWindow.wide();

  @Test
  void theListIsNarrowedBySearchEngineAndTagAndTheAddressRemembersIt() {
    Page page = window.page();
    gateway.open(page, "/instances", "admin");
    assertThat(rows(page)).hasCount(6);
    button(page, "MySQL").click();
    assertThat(rows(page)).hasCount(2);
    page.getByRole(AriaRole.BUTTON, named(Pattern.compile("owner sales"))).click();
    assertThat(rows(page)).hasCount(1);
    page.reload();
    assertThat(rows(page)).containsText(new String[] {"legacy-crm"});
    page.getByLabel("Search by name or host").fill("nothing like it");
    assertThat(page.getByText("No instance matches.")).isVisible();
    button(page, "Show all").click();
    assertThat(rows(page)).hasCount(6);
  }

  @Test
  void aRefusedFieldSaysWhatIsAllowedAndHasTheFocus() {
    Page page = window.page();
    gateway.open(page, "/instances", "admin");
    page.getByText("Add instance").click();
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("orders");
    page.getByLabel("Host").fill("db.example.internal");
    Locator port = page.getByLabel("Port");
    port.fill("70000");
    button(page, "Save").click();
    assertThat(port).isFocused();
    assertThat(port).hasAttribute("aria-invalid", "true");
    assertThat(port).hasAccessibleDescription("“70000” is not accepted. Allowed: 1 to 65535");

    port.fill("5432");
    button(page, "Save").click();
    assertThat(page.locator("h1")).hasText("orders");
    assertThat(page.getByText("Not measured yet.")).isVisible();
    assertThat(page.getByText("have not been listed yet")).isVisible();
  }

  @Test
  void aChangeIsSavedAndADeletedInstanceComesBack() {
    Page page = window.page();
    gateway.open(page, "/instances/5", "operator");
    page.getByText("Edit", new Page.GetByTextOptions().setExact(true)).click();
    page.getByLabel("Host").fill("other.example.internal");
    button(page, "Save").click();
    assertThat(page.getByText("other.example.internal:5432")).isVisible();

    button(page, "Delete").click();
    page.getByRole(AriaRole.DIALOG).getByText("Delete", exact()).click();
    assertThat(page.locator("h1")).hasText("Instances");
    assertThat(rows(page)).hasCount(5);
    page.getByLabel("Deleted").check();
    assertThat(rows(page)).hasCount(1);
    button(page, "Restore").click();
    assertThat(page.locator("#announcements")).hasText("staging was restored.");
  }

  @Test
  void aHeldScanShowsWhatWouldVanishAndIsApplied() {
    Page page = window.page();
    gateway.open(page, "/instances/3", "operator");
    Locator banner = page.locator(".held");
    assertThat(banner).containsText("14 databases would vanish");
    assertThat(banner).containsText("search_index");
    banner.getByText("Mark as deleted").click();
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    assertThat(dialog).containsText("Mark 14 databases as deleted?");
    page.keyboard().press("Escape");
    assertThat(dialog).hasCount(0);
    assertThat(banner.getByText("Mark as deleted")).isFocused();
    banner.getByText("Mark as deleted").click();
    dialog.getByText("Mark as deleted", new Locator.GetByTextOptions().setExact(true)).click();
    assertThat(banner).hasCount(0);
  }

  @Test
  void databasesAreFoundByStateAndSortedBySize() {
    Page page = window.page();
    gateway.open(page, "/instances/1", "viewer");
    Locator table =
        page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Databases"));
    assertThat(table.getByRole(AriaRole.ROWHEADER).first()).containsText("orders");
    table.getByText("Database", new Locator.GetByTextOptions().setExact(true)).click();
    assertThat(table.getByRole(AriaRole.ROWHEADER).first()).containsText("<img");
    assertThat(table).containsText("permission denied for database payroll");
    button(page, "Deleted").click();
    assertThat(table.getByRole(AriaRole.ROWHEADER)).hasCount(1);
    assertThat(table.getByRole(AriaRole.ROWHEADER)).containsText("hr");
  }

  private static Locator rows(Page page) {
    return page.locator("tbody tr");
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Page.GetByRoleOptions named(Pattern name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static Locator.GetByTextOptions exact() {
    return new Locator.GetByTextOptions().setExact(true);
  }
}
