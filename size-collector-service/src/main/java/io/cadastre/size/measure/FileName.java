package io.cadastre.size.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Database and table names as MySQL and MariaDB write them in file names and so in tablespaces:
 * letters, digits and underscore as they are, a few alphabets as {@code @} and two characters,
 * everything else as {@code @} and four hexadecimal digits; {@code @@@} at the end keeps names that
 * some systems reserve apart.
 */
final class FileName {

  private static final Map<String, Character> LETTERS = letters();

  private FileName() {}

  static String decode(String encoded) {
    if (encoded.indexOf('@') < 0) {
      return encoded;
    }
    StringBuilder name = new StringBuilder(encoded.length());
    int i = 0;
    while (i < encoded.length()) {
      char c = encoded.charAt(i);
      if (c != '@' || i + 2 >= encoded.length()) {
        name.append(c);
        i++;
        continue;
      }
      String two = encoded.substring(i + 1, i + 3);
      Character letter = LETTERS.get(two);
      if (letter != null) {
        name.append(letter.charValue());
        i += 3;
      } else if (two.equals("@@")) {
        i += 3;
      } else if (isHex(encoded, i + 1, i + 5)) {
        name.append((char) Integer.parseInt(encoded, i + 1, i + 5, 16));
        i += 5;
      } else {
        name.append(c);
        i++;
      }
    }
    return name.toString();
  }

  private static boolean isHex(String text, int from, int to) {
    if (to > text.length()) {
      return false;
    }
    return text.substring(from, to).chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private static Map<String, Character> letters() {
    try (InputStream resource = FileName.class.getResourceAsStream("file-name-letters.txt")) {
      if (resource == null) {
        throw new IllegalStateException("file-name-letters.txt is missing");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8));
      Map<String, Character> letters = new HashMap<>();
      lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> add(line, letters));
      return Map.copyOf(letters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(String line, Map<String, Character> letters) {
    List<String> fields = Arrays.asList(line.split(" ", -1));
    int first = Integer.parseInt(fields.getFirst(), 16);
    for (int i = 1; i < fields.size(); i++) {
      letters.put(fields.get(i), (char) (first + i - 1));
    }
  }
}
