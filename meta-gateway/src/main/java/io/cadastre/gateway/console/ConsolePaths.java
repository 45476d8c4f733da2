package io.cadastre.gateway.console;

import io.cadastre.gateway.access.OpenPaths;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that belong to the console; all of them are public, since what they show is not.
 */
final class ConsolePaths {

  /** Every page of {@code routes.js}; they all answer with the same document. */
  static final List<String> PAGES =
      List.of(
          "/",
          "/instances",
          "/instances/new",
          "/instances/{id}",
          "/instances/{id}/edit",
          "/operations",
          "/schedules",
          "/runs/{id}",
          "/account",
          "/users",
          "/audit-log");

  static final String FILES = "/console/{version}/{*path}";

  private ConsolePaths() {}

  /** For the rule that lets everyone load the console. */
  static OpenPaths open() {
    return new OpenPaths(Stream.concat(PAGES.stream(), Stream.of(FILES)).toList());
  }
}
