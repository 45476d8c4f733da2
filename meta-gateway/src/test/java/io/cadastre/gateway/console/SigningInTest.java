package io.cadastre.gateway.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SigningInTest {

  @RegisterExtension final FakeGateway gateway = new FakeGateway();
  @RegisterExtension final BrowserWindow window = BrowserWindow.wide();

  @Test
  void aWrongPasswordIsSaidAndCanBeTypedAgainAtOnce() {
    Page page = window.page();
    page.navigate(gateway.address("/"));
    assertThat(page.getByLabel("User name")).isFocused();
    page.keyboard().type("admin");
    page.keyboard().press("Tab");
    page.keyboard().type("wrong");
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("User name or password is wrong");
    assertThat(page.getByLabel("Password")).isFocused();
    page.keyboard().type("right");
    page.keyboard().press("Enter");
    assertThat(heading(page, "Instances")).isVisible();
  }

  @Test
  void whatWasTypedSurvivesTheEndOfTheSession() {
    Page page = window.page();
    gateway.open(page, "/instances/new", "operator");
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("kept");
    page.getByLabel("Host").fill("db.example.internal");
    gateway.endSession(page);
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Save")).click();

    Locator dialog = page.getByRole(AriaRole.DIALOG);
    assertThat(dialog).containsText("Your session ended");
    dialog.getByLabel("Password").fill("secret");
    page.keyboard().press("Enter");
    assertThat(heading(page, "kept")).isVisible();
  }

  @Test
  void aViewerSeesNothingToPress() {
    Page page = window.page();
    gateway.open(page, "/instances/1", "viewer");
    assertThat(page.getByText("db1.example.internal:5432")).isVisible();
    assertThat(page.getByText("Sync all")).hasCount(1); // the operation in the history
    assertThat(page.getByText("Delete", new Page.GetByTextOptions().setExact(true))).hasCount(0);
    assertThat(page.getByText("Audit log")).hasCount(0);
    page.navigate(gateway.address("/users"));
    assertThat(page.getByText("This page needs the role “admin”")).isVisible();
  }

  @Test
  void signingOutLeavesNothingBehind() {
    Page page = window.page();
    gateway.open(page, "/instances", "admin");
    page.getByText("Sign out").click();
    assertThat(heading(page, "Sign in")).isVisible();
    page.navigate(gateway.address("/instances/1"));
    assertThat(heading(page, "Sign in")).isVisible();
  }

  private static Locator heading(Page page, String name) {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setLevel(1));
  }
}
