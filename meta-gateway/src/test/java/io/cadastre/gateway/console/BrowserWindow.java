package io.cadastre.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A window of the installed Chromium for each test; a test class without Chromium is skipped. A
 * script that fails or that the content security policy stops fails the test.
 */
final class BrowserWindow implements ExecutionCondition, BeforeEachCallback, AfterEachCallback {

  /** Without them it looks for hosts on the internet. */
  private static final List<String> QUIET =
      List.of(
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static final Path SCREENSHOTS = Path.of("target", "console-screenshots");

  static {
    // As long as any other wait here: a machine that builds is busy.
    PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
  }

  private final Browser.NewContextOptions options;
  private final List<String> defects = new ArrayList<>();
  private @Nullable Page page;

  private BrowserWindow(Browser.NewContextOptions options) {
    this.options = options;
  }

  static BrowserWindow wide() {
    return of(1280, 900, ColorScheme.LIGHT);
  }

  static BrowserWindow of(int width, int height, ColorScheme scheme) {
    return with(o -> o.setViewportSize(width, height).setColorScheme(scheme));
  }

  static BrowserWindow with(Consumer<Browser.NewContextOptions> settings) {
    var options = new Browser.NewContextOptions().setLocale("en-GB").setTimezoneId("Asia/Kolkata");
    settings.accept(options);
    return new BrowserWindow(options);
  }

  Page page() {
    return Objects.requireNonNull(page);
  }

  /** What was found wrong so far, for tests that open windows of their own. */
  void watch(Page watched) {
    watched.onPageError(error -> defects.add(error));
    watched.onConsoleMessage(message -> {
      // An answer of 4xx is reported as an error too; what the page makes of it is tested.
      if (message.type().equals("error") && !message.text().startsWith("Failed to load")) {
        defects.add(message.text());
      }
    });
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (onPath("chromium").isEmpty()) {
      return ConditionEvaluationResult.disabled("no chromium on the PATH (Debian: chromium)");
    }
    return onPath("node").isEmpty()
        ? ConditionEvaluationResult.disabled("no node on the PATH (Debian: nodejs)")
        : ConditionEvaluationResult.enabled("chromium and node are installed");
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    BrowserContext window = browser(context).newContext(options);
    window.setDefaultTimeout(20_000);
    page = window.newPage();
    watch(page);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      String name =
          context.getRequiredTestClass().getSimpleName() + "-" + context.getUniqueId().hashCode();
      page().screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }
    page().context().close();
    assertThat(defects).as("errors in the browser").isEmpty();
  }

  private static Browser browser(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(BrowserWindow.class))
        .computeIfAbsent(OneBrowser.class, _ -> new OneBrowser(), OneBrowser.class)
        .browser;
  }

  static Optional<Path> onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Started once for all tests; the test engine closes it at the end. */
  private static final class OneBrowser implements AutoCloseable {

    private final Playwright playwright;
    private final Browser browser;

    private OneBrowser() {
      playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(
                      Map.of(
                          "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                          "1",
                          "PLAYWRIGHT_NODEJS_PATH",
                          onPath("node").orElseThrow().toString())));
      browser =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(onPath("chromium").orElseThrow())
                      .setChromiumSandbox(false)
                      .setArgs(QUIET));
    }

    @Override
    public void close() {
      playwright.close();
    }
  }
}
