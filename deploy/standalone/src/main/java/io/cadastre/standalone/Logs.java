package io.cadastre.standalone;

import java.nio.file.Path;

/** Where the log of all services goes; to be said before the first of them logs. */
final class Logs {
  private Logs() {}

  static void to(Path file, boolean screenToo) {
    System.setProperty("cadastre.log", file.toString());
    System.setProperty("cadastre.screen", screenToo ? "INFO" : "OFF");
    // Three services share this process and its log: none of them configures it.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
  }
}
