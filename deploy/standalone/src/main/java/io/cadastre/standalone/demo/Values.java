package io.cadastre.standalone.demo;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.SplittableRandom;

/** Makes up rows: the same for the same seed. */
final class Values {
  private static final List<String> FIRST =
      List.of(
          "Ada", "Amir", "Bea", "Chen", "Dara", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jin",
          "Kofi", "Lena", "Mira", "Nils", "Olga", "Pia", "Ravi", "Sofia", "Tarek", "Uma", "Wei");
  private static final List<String> LAST =
      List.of(
          "Adeyemi",
          "Berg",
          "Costa",
          "Dubois",
          "Eriksen",
          "Fischer",
          "Garcia",
          "Haddad",
          "Ito",
          "Jansen",
          "Kowalski",
          "Li",
          "Moreau",
          "Novak",
          "Okafor",
          "Petrov",
          "Rossi",
          "Singh");
  private static final List<String> CITIES =
      List.of(
          "Accra", "Bergen", "Chengdu", "Dublin", "Essen", "Fukuoka", "Ghent", "Haifa", "Izmir",
          "Jaipur", "Kraków", "Lyon", "Málaga", "Nairobi", "Oulu", "Porto", "Quito", "Riga");
  private static final List<String> WORDS =
      List.of(
          "amber",
          "basket",
          "copper",
          "delivery",
          "evening",
          "feather",
          "garden",
          "harbour",
          "island",
          "journey",
          "kettle",
          "lantern",
          "meadow",
          "notebook",
          "orchard",
          "paper",
          "quiet",
          "river",
          "silver",
          "timber",
          "umbrella",
          "valley",
          "window",
          "yellow");
  private static final LocalDateTime EPOCH = LocalDateTime.of(2024, 1, 1, 0, 0);
  private static final int TWO_YEARS_IN_SECONDS = 2 * 365 * 24 * 3600;

  private final SplittableRandom random;

  Values(long seed) {
    this.random = new SplittableRandom(seed);
  }

  void bind(DemoTable table, PreparedStatement insert) throws SQLException {
    int position = 1;
    for (Column column : table.columns()) {
      insert.setObject(position++, value(column));
    }
  }

  private Object value(Column column) {
    return switch (column.kind()) {
      case PERSON -> any(FIRST) + " " + any(LAST);
      case COMPANY -> any(LAST) + " & " + any(LAST);
      case EMAIL -> any(FIRST).charAt(0) + "." + any(LAST) + random.nextInt(1000) + "@example.com";
      case CITY -> any(CITIES);
      case AMOUNT -> BigDecimal.valueOf(random.nextInt(100, 5_000_00), 2);
      case COUNT -> random.nextInt(1, 5_000);
      case MOMENT -> EPOCH.plusSeconds(random.nextInt(TWO_YEARS_IN_SECONDS));
      case WORD -> any(column.words());
      case SENTENCE -> words(random.nextInt(3, 8));
      case DOCUMENT -> document();
      case ADDRESS -> "10.%d.%d.%d".formatted(byteValue(), byteValue(), byteValue());
    };
  }

  private String document() {
    return "{\"title\":\"%s\",\"body\":\"%s\",\"tags\":[\"%s\",\"%s\"]}"
        .formatted(words(4), words(random.nextInt(20, 60)), any(WORDS), any(WORDS));
  }

  private String words(int count) {
    var text = new StringBuilder(any(WORDS));
    for (int word = 1; word < count; word++) {
      text.append(' ').append(any(WORDS));
    }
    return text.toString();
  }

  private int byteValue() {
    return random.nextInt(1, 255);
  }

  private String any(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
