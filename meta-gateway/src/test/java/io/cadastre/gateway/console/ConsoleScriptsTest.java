package io.cadastre.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConsoleScriptsTest {

  @Test
  void theScriptsReckonRight() throws IOException, InterruptedException {
    assumeTrue(BrowserWindow.onPath("node").isPresent(), "no node on the PATH (Debian: nodejs)");
    // Older ones take a .js file for an old kind of module unless a package.json says otherwise.
    assumeTrue(nodeMajorVersion() >= 20, "node is older than 20.19");
    String tests = Path.of("src", "test", "console", "values.test.mjs").toString();
    Process node = new ProcessBuilder("node", "--test", tests).redirectErrorStream(true).start();
    String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor()).as(output).isZero();
    assertThat(output).containsPattern("pass 1\\d");
  }

  private static int nodeMajorVersion() throws IOException {
    Process node = new ProcessBuilder("node", "--version").start();
    String version = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Integer.parseInt(version.strip().replaceFirst("v(\\d+)\\..*", "$1"));
  }
}
