package io.cadastre.contracts.events;

/**
 * Place of a message in a result too big for one.
 *
 * @param number counts from 1 without gaps
 * @param last true on the part with the highest number; the result is complete when it and all
 *     parts before it are in
 */
public record Part(int number, boolean last) {

  public Part {
    if (number < 1) {
      throw new IllegalArgumentException("part number: " + number + " (expected: >= 1)");
    }
  }

  /** Of a result that fits one message. */
  public static final Part ONLY = new Part(1, true);
}
