package io.cadastre.kv.port;

/**
 * What a path holds now.
 *
 * @param status of HTTP
 * @param type of its content
 */
public record Page(int status, String type, String text) {

  /** Found. */
  public static final int OK = 200;

  private static final int NOT_FOUND = 404;

  /** Text under a path. */
  public static Page text(int status, String text) {
    return new Page(status, "text/plain; charset=utf-8", text);
  }

  /** JSON under a path. */
  public static Page json(int status, String text) {
    return new Page(status, "application/json", text);
  }

  /** Nothing is there. */
  public static Page notFound() {
    return text(NOT_FOUND, "404 page not found\n");
  }
}
