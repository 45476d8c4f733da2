package io.cadastre.gateway.console;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The stand-in of {@code src/test/console}, fresh for each test. */
final class FakeGateway implements BeforeEachCallback, AfterEachCallback {

  private @Nullable Process process;
  private String address = "";

  @Override
  public void beforeEach(ExtensionContext context) {
    String node = BrowserWindow.onPath("node").orElseThrow().toString();
    String script = Path.of("src", "test", "console", "fake-gateway.mjs").toString();
    try {
      process =
          new ProcessBuilder(node, script, "0")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      var output = process.inputReader(StandardCharsets.UTF_8);
      address = "http://127.0.0.1:" + Objects.requireNonNull(output.readLine(), "its port");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    stop();
  }

  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  String address(String path) {
    return address + path;
  }

  /** Opens a page of the console as this user. */
  void open(Page page, String path, String username) {
    page.navigate(address(path));
    page.getByLabel("User name").fill(username);
    page.getByLabel("Password").fill("secret");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
    page.locator("main h1").waitFor();
  }

  void endSession(Page page) {
    page.request().post(address("/api/v1/end-the-session"));
  }
}
